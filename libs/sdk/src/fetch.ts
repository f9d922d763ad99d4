import { type DatasetResource, GranaryError, type Hex } from '@granary/protocol'
import type { Context } from './context.js'
import type { Failure } from './faults.js'
import { openReleased } from './open.js'
import { type Released, type ReleaseOptions, release } from './release.js'

/** Where one opened file goes. Exactly one of `commit` and `discard` is called, after the stream has ended. */
export interface SinkTarget {
  writable: WritableStream<Uint8Array>
  /** The file is complete and everything about it was verified. */
  commit(sha256: string): Promise<void>
  /** The file must not be used: remove what was written. */
  discard(): Promise<void>
}

/** Where opened files go. `title` was written by a stranger: never use it as a path. */
export interface Sink {
  open(dataset: Hex, title: string): Promise<SinkTarget>
}

export interface FetchOptions extends ReleaseOptions {
  sink: Sink
  onProgress?: (progress: { dataset: Hex; title: string; done: number; total: number | null }) => void
}

export interface FetchedFile {
  dataset: Hex
  cid: string
  title: string
  sha256: string
  size: number
}

export interface Fetched {
  files: FetchedFile[]
  /** Datasets that were refused or did not open; the others are not affected. */
  failed: Failure[]
  /** Custodians that could not be reached or lied. */
  custodians: { member: number; code: string }[]
}

/** Releases the datasets of a request and opens each as a stream into the sink, one after the other. */
export async function fetchRequest(context: Context, request: Hex, options: FetchOptions): Promise<Fetched> {
  const { released, failed, custodians } = await release(context, request, options)
  const result: Fetched = { files: [], failed, custodians }
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

async function fetchOne(context: Context, entry: Released, { sink, onProgress, signal }: FetchOptions) {
  const about = await context.call<DatasetResource>(`/v1/datasets/${entry.dataset}`).catch((error) => {
    if (error instanceof GranaryError) return undefined // without metadata the id serves as its name
    throw error
  })
  const title = about?.metadata?.title ?? entry.dataset
  const total = about?.metadata?.size ?? null
  const target = await sink.open(entry.dataset, title)
  try {
    const { sha256, size, liars } = await openReleased(context, entry, target.writable, {
      signal,
      onProgress: (done) => onProgress?.({ dataset: entry.dataset, title, done, total }),
    })
    await target.commit(sha256)
    return { file: { dataset: entry.dataset, cid: entry.cid, title, sha256, size }, liars }
  } catch (error) {
    await target.discard()
    throw error
  }
}
