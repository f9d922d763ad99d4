import {
  ARCHIVE_HEADER,
  type ArchiveHeader,
  type ArchiveList,
  archiveHeaderSchema,
  CHUNK_BYTES,
  carOffset,
  carSize,
  collect,
  GranaryError,
  type Hex,
  MAX_ARCHIVE_DOCUMENT_BYTES,
  parseDocument,
} from '@granary/protocol'
import { createSha256 } from '../sha256.js'
import { SPOOL_DAYS } from '../spool.js'
import { readContent, readMetadata, readRecord } from './read.js'
import { tarHeader, tarPadding } from './tar.js'

export type ArchiveEntry = ArchiveList['entries'][number]

/**
 * What is kept of an archive while it is written, so that an export that stops goes on there: its bytes, and beside them
 * a note of each entry that was complete. Nothing of it is believed.
 */
export interface ArchivePart {
  /** Bytes that are there. */
  readonly size: number
  read(from: number, to: number): AsyncIterable<Uint8Array>
  append(bytes: Uint8Array): Promise<void>
  /** Forgets what is behind the first `to` bytes. */
  truncate(to: number): Promise<void>
  notes(): Promise<ArchiveEntry[]>
  note(entry: ArchiveEntry): Promise<void>
  /** Has these notes and no others. */
  keepNotes(entries: ArchiveEntry[]): Promise<void>
}

type Dataset = Parameters<typeof readMetadata>[0] & object

/** What of a part holds. `end`: where the last dataset of which everything is there ends. */
export interface Kept {
  entries: ArchiveEntry[]
  end: number
  datasets: Set<Hex>
  /** Settlements that the kept histories name, and datasets whose sealed file nobody had. */
  paid: Set<number>
  absent: Hex[]
  /** The dataset whose sealed file was being written: `start`, where that file's CAR begins, `leaves`, its full leaves. */
  underWay: { dataset: Dataset; size: number; start: number; leaves: number } | null
  /** Bytes of the part that hold, as far as is known before the leaves under way are read. */
  resumedFrom: number
}

export const nothingKept = (): Kept => ({
  entries: [],
  end: 0,
  datasets: new Set(),
  paid: new Set(),
  absent: [],
  underWay: null,
  resumedFrom: 0,
})

/**
 * Reads what an export left, from its first byte on, and tells how far it holds: entries against their notes, records and
 * metadata against the account and each other, every block of a sealed file against its CID and all of them against the
 * dataset's. What comes behind the first fault does not count. A part of another account or network, or one older than
 * SPOOL_DAYS, counts for nothing.
 */
export async function keptOf(
  part: ArchivePart,
  { version, chainId, registry, account }: Omit<ArchiveHeader, 'exported'>,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Kept> {
  const kept = nothingKept()
  const found: ArchiveEntry[] = []
  let header: ArchiveHeader | undefined
  let dataset: Dataset | undefined
  let position = 0

  let whole = 0
  /** Takes what was found up to here. */
  const take = () => {
    kept.end = position
    whole = found.length
  }
  const takeDataset = (one: Dataset) => {
    kept.datasets.add(one.id)
    for (const item of one.record.history) if (item.type === 'released') kept.paid.add(item.settlement)
    take()
  }
  const isComplete = (one: Dataset) =>
    (one.record.dataset.metadata === null) === (one.metadata === null) && one.size === one.record.dataset.size

  for (const note of await part.notes()) {
    signal?.throwIfAborted()
    onProgress(position, part.size)
    const { name, size } = note
    const id = /^datasets\/(0x[0-9a-f]{64})\//.exec(name)?.[1] as Hex | undefined
    const start = position + (await tarHeader(name, size)).length
    if (!(await hasHeader(part, position, name, size)) || part.size < start + size + tarPadding(size)) break
    try {
      if (!(await hasDigest(part, start, note))) break
      if (name === ARCHIVE_HEADER && !header) {
        header = parseDocument(archiveHeaderSchema, await collect(part.read(start, start + size)))
        const other = header.version !== version || header.chainId !== chainId
        const old = Date.parse(header.exported) < Date.now() - SPOOL_DAYS * 86_400_000
        if (other || header.registry !== registry || header.account !== account || old) return nothingKept()
      } else if (!header || !id) {
        break
      } else if (name.endsWith('.car')) {
        if (dataset?.id !== id) break
        const drain = async (_: unknown, file: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
          for await (const _part of file) signal?.throwIfAborted()
        }
        dataset.size = await readContent(dataset, size, part.read(start, start + size), drain)
      } else {
        if (size > MAX_ARCHIVE_DOCUMENT_BYTES) break
        const bytes = await collect(part.read(start, start + size))
        if (name.endsWith('record.json')) dataset = readRecord(header, id, bytes)
        else if (dataset?.id === id) await readMetadata(dataset, name, bytes)
        else break
      }
    } catch (error) {
      if (signal?.aborted || !(error instanceof GranaryError)) throw error
      break
    }
    position = start + size + tarPadding(size)
    found.push(note)
    if (!dataset) take()
    else if (isComplete(dataset)) {
      takeDataset(dataset)
      if (dataset.size === null) kept.absent.push(dataset.id)
    }
  }
  kept.underWay = dataset && !kept.datasets.has(dataset.id) ? await underWayAt(part, position, dataset) : null
  if (kept.underWay) takeDataset(kept.underWay.dataset)
  kept.entries = found.slice(0, whole)
  kept.resumedFrom = kept.underWay ? endOf(kept.underWay) : kept.end
  return kept
}

/** Where the leaves end that a part has of the file under way. */
const endOf = ({ dataset, start, leaves }: Kept['underWay'] & object) =>
  start + carOffset(dataset.record.dataset.cid, leaves * CHUNK_BYTES)

async function underWayAt(part: ArchivePart, position: number, dataset: Dataset): Promise<Kept['underWay']> {
  const { size, cid, metadata } = dataset.record.dataset
  if (size === null || (metadata === null) !== (dataset.metadata === null)) return null
  const name = contentName(dataset.id)
  if (!(await hasHeader(part, position, name, carSize(size)))) return null
  const start = position + (await tarHeader(name, carSize(size))).length
  let leaves = 0
  const full = Math.floor(size / CHUNK_BYTES)
  while (leaves < full && start + carOffset(cid, (leaves + 1) * CHUNK_BYTES) <= part.size) leaves += 1
  return leaves > 0 ? { dataset, size, start, leaves } : null
}

export const contentName = (id: Hex) => `datasets/${id}/content.car`

async function hasHeader(part: ArchivePart, position: number, name: string, size: number): Promise<boolean> {
  const expected = await tarHeader(name, size)
  if (part.size < position + expected.length) return false
  const bytes = await collect(part.read(position, position + expected.length))
  return bytes.length === expected.length && bytes.every((byte, i) => byte === expected[i])
}

async function hasDigest(part: ArchivePart, start: number, { size, sha256 }: ArchiveEntry): Promise<boolean> {
  const hash = await createSha256()
  if (size > 0) for await (const bytes of part.read(start, start + size)) hash.update(bytes)
  return hash.hex() === sha256
}
