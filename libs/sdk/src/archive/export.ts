import {
  ARCHIVE_HEADER,
  ARCHIVE_LIST,
  ARCHIVE_VERSION,
  type ArchiveHeader,
  canonicalJson,
  carSize,
  type DatasetResource,
  GranaryError,
  type Hex,
  type HistoryItem,
  type TakenSettlement,
  writeCar,
} from '@granary/protocol'
import { contentStream } from '../content.js'
import { allPages, type Context } from '../context.js'
import { createRewards } from '../rewards.js'
import { settlementDocument } from '../settlement-document.js'
import { type ArchivePart, contentName, type Kept, keptOf, nothingKept } from './part.js'
import { goOnWith } from './resume.js'
import { chunksOf, type TarWriter, tarWriter } from './tar.js'

interface Wishes {
  /** The recovery file, as it is or sealed with a passphrase. Without it the archive holds no secret. */
  key?: { bytes: Uint8Array; sealed: boolean }
  onProgress?: (progress: { name: string; done: number; total: number }) => void
  signal?: AbortSignal
}

/**
 * Where the archive goes: `sink`, closed at its end and aborted when the export fails; or `part`, which keeps what an
 * export that stopped had written, and gets the rest.
 */
export type ExportOptions = Wishes &
  ({ sink: WritableStream<Uint8Array>; part?: undefined } | { part: ArchivePart; sink?: undefined })

export interface Exported {
  account: string
  datasets: number
  settlements: number
  entries: number
  /** Datasets whose sealed file nobody had: erased, or lost. Their records are there. */
  absent: Hex[]
  /** Bytes that an earlier export had written and that were kept; 0 when it began anew. */
  resumedFrom: number
}

/**
 * Writes everything that the signer's account owns into one archive: sealed files as CARs, records with their history,
 * metadata, rewards with their proof, the settlements that paid (receipts in them), and the key. Flat memory, whatever
 * the files' sizes. Each sealed file is checked against its CID while it passes, so what ends well is whole.
 *
 * With a part it goes on where an earlier export stopped: what that one wrote is checked and kept as it was written then,
 * and not downloaded again. Only datasets are kept; key, rewards and settlements come last and are always of now.
 */
export async function exportAccount(context: Context, options: ExportOptions): Promise<Exported> {
  if (options.part) return goOnWithPart(context, options, options.part)
  const writer = options.sink.getWriter()
  writer.closed.catch(() => {})
  try {
    const write = async (bytes: Uint8Array) => {
      if (bytes.length > 0) await writer.write(bytes.slice())
    }
    const done = await writeAll(context, options, tarWriter(write), nothingKept())
    await writer.close()
    return done
  } catch (error) {
    await writer.abort(error).catch(() => {})
    throw error
  }
}

async function goOnWithPart(context: Context, options: Wishes, part: ArchivePart): Promise<Exported> {
  const { exported: _, ...expected } = await headerOf(context)
  const told = (done: number, total: number) =>
    options.onProgress?.({ name: 'checking what is there', done, total })
  const kept = await keptOf(part, expected, told, options.signal)
  const { tar, note, content } = await goOnWith(context, part, kept, options)
  return writeAll(context, options, tar, kept, note, content)
}

async function headerOf(context: Context): Promise<ArchiveHeader> {
  const { chainId, deployment } = await context.network()
  return {
    version: ARCHIVE_VERSION,
    chainId,
    registry: deployment.datasetRegistry,
    account: await context.account(),
    exported: new Date().toISOString(),
  }
}

/**
 * @param note called with each entry that is complete
 * @param underWay writes the sealed file that `kept` has a part of; undefined when there is none
 */
async function writeAll(
  context: Context,
  { key, signal, onProgress }: Wishes,
  tar: TarWriter,
  kept: Kept,
  note: (entry: Kept['entries'][number]) => Promise<void> = async () => {},
  underWay: (() => Promise<Kept['entries'][number]>) | undefined = undefined,
): Promise<Exported> {
  const header = await headerOf(context)
  const { account } = header
  const { datasets, paid, absent } = kept
  const resumedFrom = kept.resumedFrom
  const entries = [...kept.entries]
  const done = async (entry: Kept['entries'][number]) => {
    entries.push(entry)
    await note(entry)
  }
  const add = async (name: string, bytes: Uint8Array) => {
    signal?.throwIfAborted()
    await done(await tar.add(name, bytes.length, (sink) => sink(bytes)))
  }
  if (entries.length === 0) await add(ARCHIVE_HEADER, canonicalJson(header))
  if (underWay) await done(await underWay())

  for await (const dataset of allPages<DatasetResource>(context, '/v1/datasets', { owner: account })) {
    const id = dataset.id as Hex
    if (datasets.has(id)) continue
    const history: HistoryItem[] = []
    for await (const item of allPages<HistoryItem>(context, `/v1/datasets/${id}/history`, {})) {
      history.push(item)
      if (item.type === 'released') paid.add(item.settlement)
    }
    const size = await heldSize(context, id)
    const folder = `datasets/${id}`
    await add(`${folder}/record.json`, canonicalJson({ dataset: { ...dataset, size }, history }))
    if (dataset.metadata) await add(`${folder}/metadata.json`, canonicalJson(dataset.metadata))
    datasets.add(id)
    if (size === null) {
      absent.push(id)
      continue
    }
    let passed = 0
    const stream = chunksOf(contentStream(context, id, { signal }), (chunk) => {
      passed += chunk.length
      onProgress?.({ name: dataset.metadata?.title ?? id, done: passed, total: size })
    })
    const write = async (sink: (bytes: Uint8Array) => Promise<void>) => {
      const found = await writeCar(dataset.cid, stream, sink)
      if (found.cid !== dataset.cid)
        throw new GranaryError('CONTENT_ALTERED', `the file of ${id} is not the one on chain`)
    }
    await done(await tar.add(contentName(id), carSize(size), write))
  }

  if (key) await add(key.sealed ? 'key.txt.age' : 'key.txt', key.bytes)
  await add('rewards.json', canonicalJson(await createRewards(context).get(account)))
  const settlements: TakenSettlement[] = []
  for await (const one of allPages<TakenSettlement>(context, '/v1/settlements', {}))
    if (paid.has(one.number) && one.state !== 'voided') settlements.push(one)
  await add('settlements.json', canonicalJson(settlements))
  for (const { sequence, document } of settlements)
    await add(
      `settlements/${sequence}.json`,
      canonicalJson(await settlementDocument(context, document as Hex)),
    )

  const list = canonicalJson({ version: ARCHIVE_VERSION, entries, absent })
  await tar.add(ARCHIVE_LIST, list.length, (sink) => sink(list))
  await tar.end()
  return {
    ...{ account, datasets: datasets.size, settlements: settlements.length },
    ...{ entries: entries.length, absent, resumedFrom },
  }
}

/** How long the sealed file is that the API has, null when it has none. */
export async function heldSize(context: Context, dataset: Hex): Promise<number | null> {
  try {
    const answer = await context.http.response(`${context.api}/v1/datasets/${dataset}/content`, {
      headers: { accept: 'application/octet-stream', range: 'bytes=0-0' },
      method: 'GET',
      idempotent: false,
    })
    await answer.body?.cancel()
    const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]
    return Number(total ?? answer.headers.get('content-length'))
  } catch (error) {
    if (error instanceof GranaryError && ['CONTENT_UNAVAILABLE', 'CONTENT_ERASED'].includes(error.code))
      return null
    throw error
  }
}
