import {
  ARCHIVE_HEADER,
  ARCHIVE_LIST,
  ARCHIVE_VERSION,
  type ArchiveHeader,
  type ArchiveList,
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
import { chunksOf, type TarWriter, tarWriter } from './tar.js'

export interface ExportOptions {
  /** Where the archive goes; closed at its end, aborted when the export fails. */
  sink: WritableStream<Uint8Array>
  /** The recovery file, as it is or sealed with a passphrase. Without it the archive holds no secret. */
  key?: { bytes: Uint8Array; sealed: boolean }
  onProgress?: (progress: { name: string; done: number; total: number }) => void
  signal?: AbortSignal
}

export interface Exported {
  account: string
  datasets: number
  settlements: number
  entries: number
  /** Datasets whose sealed file nobody had: erased, or lost. Their records are there. */
  absent: Hex[]
}

/**
 * Writes everything that the signer's account owns into one archive: sealed files as CARs, records with their history,
 * metadata, rewards with their proof, the settlements that paid (receipts in them), and the key. Flat memory, whatever
 * the files' sizes. Each sealed file is checked against its CID while it passes, so what ends well is whole.
 */
export async function exportAccount(context: Context, options: ExportOptions): Promise<Exported> {
  const tar = tarWriter()
  const written = tar.readable.pipeTo(options.sink)
  written.catch(() => {})
  try {
    const done = await writeAll(context, options, tar)
    await written
    return done
  } catch (error) {
    tar.fail(error)
    await written.catch(() => {})
    throw error
  }
}

async function writeAll(context: Context, options: ExportOptions, tar: TarWriter): Promise<Exported> {
  const { key, signal, onProgress } = options
  const { chainId, deployment } = await context.network()
  const account = await context.account()
  const entries: ArchiveList['entries'] = []
  const add = async (name: string, bytes: Uint8Array) => {
    signal?.throwIfAborted()
    entries.push(
      await tar.add(name, bytes.length, (sink) => (bytes.length > 0 ? sink(bytes) : Promise.resolve())),
    )
  }
  const header: ArchiveHeader = {
    version: ARCHIVE_VERSION,
    chainId,
    registry: deployment.datasetRegistry,
    account,
    exported: new Date().toISOString(),
  }
  await add(ARCHIVE_HEADER, canonicalJson(header))
  if (key) await add(key.sealed ? 'key.txt.age' : 'key.txt', key.bytes)

  const absent: Hex[] = []
  const paid = new Set<number>()
  let datasets = 0
  for await (const dataset of allPages<DatasetResource>(context, '/v1/datasets', { owner: account })) {
    const id = dataset.id as Hex
    const history: HistoryItem[] = []
    for await (const item of allPages<HistoryItem>(context, `/v1/datasets/${id}/history`, {})) {
      history.push(item)
      if (item.type === 'released') paid.add(item.settlement)
    }
    const size = await heldSize(context, id)
    const folder = `datasets/${id}`
    await add(`${folder}/record.json`, canonicalJson({ dataset: { ...dataset, size }, history }))
    if (dataset.metadata) await add(`${folder}/metadata.json`, canonicalJson(dataset.metadata))
    datasets += 1
    if (size === null) {
      absent.push(id)
      continue
    }
    let done = 0
    const stream = chunksOf(contentStream(context, id, { signal }), (chunk) => {
      done += chunk.length
      onProgress?.({ name: dataset.metadata?.title ?? id, done, total: size })
    })
    const entry = await tar.add(`${folder}/content.car`, carSize(size), async (sink) => {
      const found = await writeCar(dataset.cid, stream, sink)
      if (found.cid !== dataset.cid)
        throw new GranaryError('CONTENT_ALTERED', `the file of ${id} is not the one on chain`)
    })
    entries.push(entry)
  }

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
  tar.end()
  return { account, datasets, settlements: settlements.length, entries: entries.length, absent }
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
