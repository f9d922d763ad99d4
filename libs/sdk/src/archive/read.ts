import {
  ARCHIVE_HEADER,
  ARCHIVE_LIST,
  ARCHIVE_NAME,
  type ArchiveHeader,
  type ArchiveRecord,
  archiveHeaderSchema,
  archiveListSchema,
  archiveRecordSchema,
  archiveRewardsSchema,
  archiveSettlementsSchema,
  type ByteSource,
  carSize,
  collect,
  contentToCid,
  createCidStream,
  DEFAULT_MAX_UPLOAD_BYTES,
  datasetId,
  documentDigest,
  GranaryError,
  type Hex,
  MAX_ARCHIVE_DOCUMENT_BYTES,
  MAX_ARCHIVE_ENTRIES,
  MAX_DOCUMENT_BYTES,
  type MetadataDocument,
  metadataDocumentSchema,
  parseDocument,
  readCar,
  settlementDocumentSchema,
  type TakenSettlement,
  verifyReward,
} from '@granary/protocol'
import { createSha256 } from '../sha256.js'
import { chunksOf, tarEntries } from './tar.js'

/** The archive's bytes from the first; may be called again. */
export type OpenArchive = () => ReadableStream<Uint8Array>

export interface ReadOptions {
  /** The largest sealed file that is taken; default that of uploads. */
  maxContentBytes?: number
  onProgress?: (progress: { name: string; done: number; total: number }) => void
  signal?: AbortSignal
}

/** What an archive holds; everything in it was checked against everything else. */
export interface ArchiveContents {
  header: ArchiveHeader
  datasets: {
    id: Hex
    record: ArchiveRecord
    metadata: MetadataDocument | null
    /** Bytes of the sealed file, null when it is not in the archive. */
    size: number | null
  }[]
  settlements: TakenSettlement[]
  rewards: { earned: string; root: Hex }
  key: { bytes: Uint8Array; sealed: boolean } | null
  entries: number
  bytes: number
}

/** What a reader does with each settlement's document, whose digest was checked. */
export type OnSettlement = (about: TakenSettlement, document: Uint8Array) => Promise<void>

/** What a reader does with each sealed file; the bytes are checked as they pass, and whole only when they end well. */
export type OnContent = (about: { id: Hex; cid: string; size: number }, file: ByteSource) => Promise<void>

/**
 * Reads an archive from its first byte to its last and checks all of it: form and names, digests of the list, every block
 * against its CID, every file against its dataset's content, documents against their digests, the rewards' proof. Says
 * nothing about the chain. Memory stays flat.
 *
 * @throws GranaryError ARCHIVE_INVALID, ARCHIVE_TRUNCATED, ARCHIVE_ALTERED, ARCHIVE_TOO_LARGE, VERSION_UNKNOWN,
 *   CONTENT_ALTERED, BLOCK_TOO_LARGE, DOCUMENT_INVALID, DOCUMENT_MISMATCH, PROOF_INVALID
 */
export async function readArchive(
  open: OpenArchive,
  options: ReadOptions = {},
  onContent: OnContent = drain,
  onSettlement: OnSettlement = async () => {},
): Promise<ArchiveContents> {
  const { maxContentBytes = DEFAULT_MAX_UPLOAD_BYTES, onProgress, signal } = options
  const found: { name: string; size: number; sha256: string }[] = []
  const datasets = new Map<Hex, ArchiveContents['datasets'][number]>()
  const names = new Set<string>()
  let header: ArchiveHeader | undefined
  let list: ReturnType<typeof archiveListSchema.parse> | undefined
  let settlements: TakenSettlement[] = []
  let rewards: ArchiveContents['rewards'] | undefined
  let key: ArchiveContents['key'] = null
  let total = 0

  for await (const { name, size, body } of tarEntries(open())) {
    signal?.throwIfAborted()
    if (list || !ARCHIVE_NAME.test(name) || names.has(name) || names.size >= MAX_ARCHIVE_ENTRIES)
      throw new GranaryError('ARCHIVE_INVALID', `${JSON.stringify(name.slice(0, 100))} has no place in it`)
    if ((names.size === 0) !== (name === ARCHIVE_HEADER))
      throw new GranaryError('ARCHIVE_INVALID', `it does not begin with ${ARCHIVE_HEADER}`)
    names.add(name)
    const isContent = name.endsWith('.car')
    if (size > (isContent ? carSize(maxContentBytes) : MAX_ARCHIVE_DOCUMENT_BYTES))
      throw new GranaryError('ARCHIVE_TOO_LARGE', { name, size })
    const hash = await createSha256()
    let done = 0
    const chunks = chunksOf(body, (chunk) => {
      hash.update(chunk)
      done += chunk.length
      onProgress?.({ name, done, total: size })
    })
    const id = /^datasets\/(0x[0-9a-f]{64})\//.exec(name)?.[1] as Hex | undefined
    if (id && isContent) {
      const dataset = datasets.get(id)
      if (!dataset) throw new GranaryError('ARCHIVE_INVALID', `${name} comes before its record`)
      dataset.size = await readContent(dataset, size, chunks, onContent)
    } else {
      const bytes = await collect(chunks)
      if (name === ARCHIVE_HEADER) header = parseDocument(archiveHeaderSchema, bytes)
      else if (name === ARCHIVE_LIST)
        list = parseDocument(archiveListSchema, bytes, MAX_ARCHIVE_DOCUMENT_BYTES)
      else if (name.startsWith('key')) key = { bytes, sealed: name.endsWith('.age') }
      else if (name === 'rewards.json') rewards = readRewards(header as ArchiveHeader, bytes)
      else if (name === 'settlements.json')
        settlements = parseDocument(archiveSettlementsSchema, bytes, MAX_ARCHIVE_DOCUMENT_BYTES)
      else if (name.startsWith('settlements/'))
        await onSettlement(await checkSettlement(name, bytes, settlements), bytes)
      else if (name.endsWith('record.json'))
        datasets.set(id as Hex, readRecord(header as ArchiveHeader, id as Hex, bytes))
      else await readMetadata(datasets.get(id as Hex), name, bytes)
    }
    total += done
    found.push({ name, size: done, sha256: hash.hex() })
  }

  if (!header || !list) throw new GranaryError('ARCHIVE_TRUNCATED')
  found.pop() // the list itself
  if (
    JSON.stringify(found) !==
    JSON.stringify(list.entries.map(({ name, size, sha256 }) => ({ name, size, sha256 })))
  )
    throw new GranaryError('ARCHIVE_ALTERED', 'its entries are not those of its list')
  const absent = new Set<string>(list.absent)
  const lacks = [...datasets.values()].some(({ id, size }) => (size === null) !== absent.has(id))
  const unexplained = settlements.some(({ sequence }) => !names.has(`settlements/${sequence}.json`))
  if (!rewards || lacks || unexplained)
    throw new GranaryError('ARCHIVE_INVALID', 'something in it is missing')
  const about = { header, datasets: [...datasets.values()], settlements, rewards, key }
  return { ...about, entries: found.length, bytes: total }
}

export async function readContent(
  { id, record }: ArchiveContents['datasets'][number],
  length: number,
  chunks: ByteSource,
  onContent: OnContent,
): Promise<number> {
  const { cid } = record.dataset
  const size = record.dataset.size ?? -1
  if (size < 0 || carSize(size) !== length)
    throw new GranaryError('ARCHIVE_INVALID', `${id} has another length`)
  async function* whole() {
    // The address is known once the last block has passed: a file that is not the dataset's never ends well.
    const { writer, result } = createCidStream()
    try {
      for await (const block of readCar(cid, chunks)) {
        await writer.write(block)
        yield block
      }
      await writer.close()
    } catch (error) {
      await writer.abort(error).catch(() => {})
      throw error
    }
    const found = await result
    if (found.cid !== cid || found.size !== size)
      throw new GranaryError('CONTENT_ALTERED', `the blocks of ${id} do not make up its file`)
  }
  await onContent({ id, cid, size }, whole())
  return size
}

export function readRecord(
  { account }: ArchiveHeader,
  id: Hex,
  bytes: Uint8Array,
): ArchiveContents['datasets'][number] {
  const record = parseDocument(archiveRecordSchema, bytes, MAX_ARCHIVE_DOCUMENT_BYTES)
  const { owner, content, cid, rawRoot } = record.dataset
  const own = owner === account && record.dataset.id === id && datasetId(owner, content as Hex) === id
  if (!own || cid !== contentToCid(content as Hex, rawRoot))
    throw new GranaryError('ARCHIVE_INVALID', `the record of ${id} is not that of a dataset of ${account}`)
  return { id, record, metadata: null, size: null }
}

export async function readMetadata(
  dataset: ArchiveContents['datasets'][number] | undefined,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  if (!dataset) throw new GranaryError('ARCHIVE_INVALID', `${name} comes before its record`)
  dataset.metadata = parseDocument(metadataDocumentSchema, bytes, MAX_DOCUMENT_BYTES)
  const { digest } = await documentDigest(dataset.metadata)
  if (contentToCid(digest, true) !== dataset.record.dataset.metadataCid)
    throw new GranaryError('DOCUMENT_MISMATCH', `${name} is not the document of its dataset`)
}

async function checkSettlement(
  name: string,
  bytes: Uint8Array,
  known: TakenSettlement[],
): Promise<TakenSettlement> {
  const settlement = known.find(({ sequence }) => name === `settlements/${sequence}.json`)
  const document = parseDocument(settlementDocumentSchema, bytes, MAX_ARCHIVE_DOCUMENT_BYTES)
  const { digest } = await documentDigest(document)
  if (digest !== settlement?.document)
    throw new GranaryError('DOCUMENT_MISMATCH', `${name} explains no settlement`)
  return settlement
}

function readRewards({ account }: ArchiveHeader, bytes: Uint8Array): ArchiveContents['rewards'] {
  const { address, earned, root, proof } = parseDocument(
    archiveRewardsSchema,
    bytes,
    MAX_ARCHIVE_DOCUMENT_BYTES,
  )
  if (address !== account) throw new GranaryError('ARCHIVE_INVALID', 'its rewards are of another account')
  if (BigInt(earned) > 0n && !verifyReward(root as Hex, { account, total: BigInt(earned) }, proof as Hex[]))
    throw new GranaryError('PROOF_INVALID')
  return { earned, root: root as Hex }
}

const drain: OnContent = async (_, file) => {
  for await (const _part of file);
}
