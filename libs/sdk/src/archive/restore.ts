import {
  computeCid,
  type DatasetResource,
  documentCids,
  GranaryError,
  type Hex,
  toGranaryError,
} from '@granary/protocol'
import type { Context } from '../context.js'
import { orMissing } from '../context.js'
import type { Spool } from '../spool.js'
import { uploadSealed } from '../upload.js'
import { heldSize } from './export.js'
import {
  type ArchiveContents,
  type OnContent,
  type OnSettlement,
  type OpenArchive,
  type ReadOptions,
  readArchive,
} from './read.js'
import { requireNetwork } from './verify.js'

export interface RestoreOptions extends ReadOptions {
  /** Where a sealed file waits for its upload. One that remembers lets a later restore go on where this one stopped. */
  spool(cid: string): Spool
}

export interface Restored {
  contents: ArchiveContents
  /** Sealed files that were sent, by dataset, and those that were there already. */
  sent: Hex[]
  present: Hex[]
  /** Metadata documents that were sent. */
  documents: number
  /** Settlements whose documents were sent, by sequence. */
  settlements: number[]
  failed: { dataset?: Hex; settlement?: number; code: string; message: string }[]
}

/**
 * Brings sealed files and metadata of an archive to the API, for the datasets that the signer's account owns on this
 * chain, and documents of settlements that the API has lost: those are uploaded as files, and kept because the chain
 * names them. All of the archive is checked before the first byte is sent; what the API has is not sent again. A dataset that
 * fails does not stop the others.
 *
 * Throws ARCHIVE_OTHER_NETWORK, NOT_OWNER, DATASET_UNKNOWN before anything is sent, and the codes of `readArchive`.
 */
export async function restoreArchive(
  context: Context,
  open: OpenArchive,
  options: RestoreOptions,
): Promise<Restored> {
  const account = await context.account()
  const contents = await readArchive(open, options)
  await requireNetwork(context, contents)
  if (contents.header.account !== account)
    throw new GranaryError('NOT_OWNER', `the archive is of ${contents.header.account}`)
  const [wanted, present] = [new Set<Hex>(), [] as Hex[]]
  const lacking: { id: Hex; metadata: ArchiveContents['datasets'][number]['metadata'] }[] = []
  for (const { id, size, metadata } of contents.datasets) {
    const dataset = await orMissing(context.call<DatasetResource>(`/v1/datasets/${id}`))
    if (!dataset) throw new GranaryError('DATASET_UNKNOWN', { dataset: id })
    if (dataset.owner !== account) throw new GranaryError('NOT_OWNER', { dataset: id })
    if (metadata && !dataset.metadata) lacking.push({ id, metadata })
    if (size === null) continue
    if ((await heldSize(context, id)) === size) present.push(id)
    else wanted.add(id)
  }

  const [sent, failed]: [Hex[], Restored['failed']] = [[], []]
  const attempt = async (what: { dataset: Hex } | { settlement: number }, work: () => Promise<unknown>) => {
    try {
      await work()
      return true
    } catch (error) {
      if (options.signal?.aborted) throw error
      const { code, message } = toGranaryError(error)
      failed.push({ ...what, code, message })
      return false
    }
  }
  let documents = 0
  for (const { id, metadata } of lacking) {
    const path = `/v1/datasets/${id}/metadata`
    const put = () => context.callSigned(path, { method: 'PUT', body: metadata, idempotent: true })
    if (await attempt({ dataset: id }, put)) documents += 1
  }
  const unexplained = new Set<number>()
  for (const { sequence, document } of contents.settlements)
    if (!(await isServed(context, document as Hex))) unexplained.add(sequence)
  const settlements: number[] = []
  const onContent: OnContent = async ({ id, cid, size }, file) => {
    if (!wanted.has(id)) {
      for await (const _part of file);
      return
    }
    const spool = options.spool(cid)
    await fill(spool, cid, size, file)
    if (await attempt({ dataset: id }, () => send(context, spool, { cid, size }, options))) sent.push(id)
  }
  const onSettlement: OnSettlement = async ({ sequence: settlement }, document) => {
    if (!unexplained.has(settlement)) return
    const { cid, size } = await computeCid([document])
    const spool = options.spool(cid)
    await fill(spool, cid, size, [document])
    if (await attempt({ settlement }, () => send(context, spool, { cid, size }, options)))
      settlements.push(settlement)
  }
  if (wanted.size + unexplained.size > 0) await readArchive(open, options, onContent, onSettlement)
  return { contents, sent, present, documents, settlements, failed }
}

/** Whether the API itself has a document. */
async function isServed(context: Context, digest: Hex): Promise<boolean> {
  for (const cid of documentCids(digest)) {
    const url = `${context.api}/ipfs/${cid}?format=raw`
    const answer = await context.http.response(url, { headers: { accept: '*/*' } }).catch((error) => {
      if (error instanceof GranaryError && ABSENT.has(error.code)) return undefined
      throw error
    })
    await answer?.body?.cancel()
    if (answer) return true
  }
  return false
}

const ABSENT = new Set<string>(['BLOCK_UNKNOWN', 'CONTENT_ERASED'])

/** The file in the spool, checked from its first byte to its last. */
async function fill(
  spool: Spool,
  cid: string,
  size: number,
  file: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
) {
  const earlier = await spool.recall?.(cid)
  if (earlier?.size === size) {
    for await (const _part of file);
    return
  }
  const writer = (await spool.writable()).getWriter()
  try {
    for await (const part of file) await writer.write(part)
    await writer.close()
  } catch (error) {
    await writer.abort(error).catch(() => {})
    await spool.remove()
    throw error
  }
  await spool.remember?.({ cid, content: '0x', rawRoot: false, size, upload: null })
}

async function send(
  context: Context,
  spool: Spool,
  { cid, size }: { cid: string; size: number },
  { onProgress, signal }: RestoreOptions,
): Promise<void> {
  const resume = (await spool.recall?.(cid))?.upload ?? null
  try {
    await uploadSealed(context, {
      spool,
      cid,
      size,
      resume,
      onBegun: (upload) => spool.remember?.({ cid, content: '0x', rawRoot: false, size, upload }),
      onProgress: (done, total) => onProgress?.({ name: cid, done, total }),
      signal,
    })
  } catch (error) {
    await (spool.keep ? spool.keep() : spool.remove())
    throw error
  }
  await spool.remove()
}
