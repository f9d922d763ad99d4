import { type DatasetResource, GranaryError, type Hex } from '@granary/protocol'
import { identityToRecipient } from '@granary/sealing'
import type { Context } from './context.js'
import type { Failure } from './faults.js'
import { type OpenedFile, openReleased } from './open.js'
import type { SealedPart } from './part.js'
import { type Release, type Released, type ReleaseOptions, release } from './release.js'
import { rewrapReleased } from './rewrap.js'

/** Where one opened file goes. Exactly one of `commit` and `discard` is called, after the stream has ended. */
export interface SinkTarget {
  writable: WritableStream<Uint8Array>
  /** The file is complete and everything about it was verified. `sha256` is of what was written. */
  commit(sha256: string, about?: Finished): Promise<void>
  /** The file must not be used: remove what was written. */
  discard(): Promise<void>
}

/** What is known of a file that was fetched: `sha256` and `size` are the plaintext's. */
export interface Finished {
  sealed: boolean
  sha256: string
  size: number
}

/** Where opened files go. `title` was written by a stranger: never use it as a path. */
export interface Sink {
  open(dataset: Hex, title: string): Promise<SinkTarget>
  /** A file that an earlier fetch finished and that is still what it was then. */
  finished?(dataset: Hex, sealed: boolean): Promise<Finished | undefined>
  /** What an earlier fetch left of a sealed file. Without it a fetch that stopped begins anew. */
  part?(dataset: Hex): Promise<SealedPart | undefined>
}

/** How files are opened whose keys were handed over. */
export interface OpeningOptions {
  /** As `ReleaseOptions` has it. */
  identity: string
  signal?: AbortSignal
  sink: Sink
  /** Writes ordinary age files, sealed to the trainer's own recipient, in place of plaintext. */
  sealed?: boolean
  onProgress?: (progress: { dataset: Hex; title: string; done: number; total: number | null }) => void
}

export interface FetchOptions extends ReleaseOptions, OpeningOptions {}

export interface FetchedFile {
  dataset: Hex
  cid: string
  title: string
  /** Of the plaintext. */
  sha256: string
  /** Of the plaintext. */
  size: number
  /** Bytes of the sealed file that were not downloaded again; null when the whole file was there. */
  resumedFrom: number | null
}

export interface Fetched {
  files: FetchedFile[]
  /** Datasets that were refused or did not open; the others are not affected. */
  failed: Failure[]
  /** Custodians that could not be reached or lied. */
  custodians: { member: number; code: string }[]
}

/**
 * Releases the datasets of a request and opens each as a stream into the sink, one after the other. What the sink has of
 * an earlier fetch is not downloaded again, but checked again.
 */
export async function fetchRequest(context: Context, request: Hex, options: FetchOptions): Promise<Fetched> {
  return fetchReleased(context, await release(context, request, options), options)
}

/** The second half of `fetchRequest`, which needs no signer: what `release` gave is plain data and may come from elsewhere. */
export async function fetchReleased(
  context: Context,
  { released, failed, custodians }: Release,
  options: OpeningOptions,
): Promise<Fetched> {
  const result: Fetched = { files: [], failed: [...failed], custodians: [...custodians] }
  for (const entry of released) {
    try {
      const { file, liars } = await fetchOne(context, entry, options)
      result.files.push(file)
      for (const member of liars) result.custodians.push({ member, code: 'SHARE_INVALID' })
    } catch (error) {
      options.signal?.throwIfAborted()
      const { code = 'INTERNAL', message } = error as { code?: string; message: string }
      result.failed.push({ dataset: entry.dataset, code, message })
    }
  }
  return result
}

async function fetchOne(context: Context, entry: Released, options: OpeningOptions) {
  const { sink, sealed = false } = options
  const { dataset, cid } = entry
  const about = await context.call<DatasetResource>(`/v1/datasets/${dataset}`).catch((error) => {
    if (error instanceof GranaryError) return undefined // without metadata the id serves as its name
    throw error
  })
  const title = about?.metadata?.title ?? dataset
  const there = await sink.finished?.(dataset, sealed)
  if (there) {
    const { sha256, size } = there
    return { file: { dataset, cid, title, sha256, size, resumedFrom: null }, liars: [] }
  }
  const part = await sink.part?.(dataset)
  for (;;) {
    const resumedFrom = part?.size ?? 0
    try {
      const total = about?.metadata?.size ?? null
      const { sha256, size, liars } = await writeOne(context, entry, { ...options, title, total, part })
      await part?.remove()
      return { file: { dataset, cid, title, sha256, size, resumedFrom }, liars }
    } catch (error) {
      const { code = '' } = error as { code?: string }
      if (code === 'CONTENT_ERASED')
        await part?.remove() // there will never be a rest
      else if (!FAULTY.test(code)) await part?.keep()
      if (!FAULTY.test(code)) throw error
      // What a machine that stopped left half written is fetched anew, once.
      await part?.clear()
      if (resumedFrom > 0) continue
      await part?.remove()
      throw error
    }
  }
}

/** Codes of a sealed file that is not what it should be. */
const FAULTY = /^(CONTENT_ALTERED|OPEN_FAILED|SHARES_TOO_FEW|(PAYLOAD|HEADER|STANZA)_[A-Z_]+)$/

interface OneFile extends OpeningOptions {
  title: string
  total: number | null
  part: SealedPart | undefined
}

async function writeOne(context: Context, entry: Released, options: OneFile): Promise<OpenedFile> {
  const { dataset } = entry
  const { sink, sealed = false, title, total, identity, part, signal, onProgress } = options
  const target = await sink.open(dataset, sealed ? `${title}.age` : title)
  const streaming = {
    part,
    signal,
    onProgress: (done: number) => onProgress?.({ dataset, title, done, total }),
  }
  try {
    const opened = sealed
      ? await rewrapReleased(context, entry, await identityToRecipient(identity), target.writable, streaming)
      : await openReleased(context, entry, target.writable, streaming)
    const written = 'fileSha256' in opened ? String(opened.fileSha256) : opened.sha256
    await target.commit(written, { sealed, sha256: opened.sha256, size: opened.size })
    return opened
  } catch (error) {
    await target.discard()
    throw error
  }
}
