import { fromProblem, GranaryError } from '@granary/protocol'
import { type DetailedError, Upload } from 'tus-js-client'
import type { Context } from './context.js'
import { PAUSE } from './pause.js'
import type { Spool, UploadSource } from './spool.js'

export interface UploadOptions {
  spool: Spool
  /** Of the sealed file; the API refuses bytes whose CID differs with CID_MISMATCH. */
  cid: string
  size: number
  /** Where an earlier run's upload of the same sealed file was; begun anew when the API knows it no more. */
  resume?: string | null
  /** Told once where the upload is, before the first byte is sent. */
  onBegun?: (upload: string) => Promise<void> | void
  onProgress?: (done: number, total: number) => void
  /** Told each time the connection broke and will be tried again; the next `onProgress` says that it is back. */
  onWaiting?: () => void
  signal?: AbortSignal
}

/** Nothing heard for so long means that the connection is dead; importing a large file takes its time. */
const STALL = 300_000
/** Pauses before it is tried again, in all ten minutes: then it gives up. Any byte that gets through starts them anew. */
const PAUSES = [0, 500, 1_000, 2_000, 4_000, 8_000, ...Array.from({ length: 39 }, () => 15_000)]
/** The server has no room: that takes longer than a client waits. */
const NO_ROOM = 507

/**
 * Sends a sealed file by the tus protocol; a broken connection is resumed where it broke. `resumedFrom` is how many
 * bytes the API had of it before.
 */
export async function uploadSealed(
  context: Context,
  options: UploadOptions,
): Promise<{ resumedFrom: number }> {
  const { spool, cid, size, resume, onBegun, onProgress, onWaiting, signal } = options
  const endpoint = `${context.api}/v1/uploads`
  const headers = { ...(await context.auth.headers()), 'x-request-id': context.requestId() }
  const source = await uploadable(await spool.source())
  signal?.throwIfAborted()
  let stalled: ReturnType<typeof setTimeout> | undefined
  let stop: () => void = () => {}
  let resumedFrom: number | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(source as Blob, {
        endpoint,
        // The session goes with it: never to another server than this one.
        uploadUrl: resume?.startsWith(`${endpoint}/`) ? resume : null,
        headers,
        metadata: { cid },
        uploadSize: size,
        retryDelays: PAUSES,
        onShouldRetry: (error) => {
          const status = error.originalResponse?.getStatus() ?? 0
          const again =
            status === 0 ||
            status === 409 ||
            status === 423 ||
            status === 429 ||
            (status >= 500 && status !== NO_ROOM)
          if (again) onWaiting?.()
          return again
        },
        storeFingerprintForResuming: false,
        onUploadUrlAvailable: async () => {
          // The session goes with every request: where the API says that the upload is must be the API, too.
          if (!upload.url || new URL(upload.url).origin !== new URL(endpoint).origin) {
            end(new GranaryError('URL_REFUSED', 'the API put the upload somewhere else'), false)
            return
          }
          if (upload.url && upload.url !== resume) await onBegun?.(upload.url)
        },
        onBeforeRequest: (request) => {
          if (request.getMethod() === 'PATCH') resumedFrom ??= Number(request.getHeader('Upload-Offset'))
        },
        onProgress: (done, total) => {
          alive()
          onProgress?.(done, total)
        },
        onSuccess: () => resolve(),
        onError: (error) => reject(uploadError(error)),
      })
      const end = (reason: unknown, forGood: boolean) => {
        void upload.abort(forGood).catch(() => {})
        reject(reason)
      }
      const alive = () => {
        clearTimeout(stalled)
        stalled = setTimeout(
          () => end(new GranaryError('UNREACHABLE', 'the upload stands still'), false),
          STALL,
        )
      }
      const aborted = () => end(signal?.reason, signal?.reason !== PAUSE)
      signal?.addEventListener('abort', aborted, { once: true })
      stop = () => signal?.removeEventListener('abort', aborted)
      alive()
      upload.start()
    })
  } finally {
    clearTimeout(stalled)
    stop()
    if ('destroy' in source) source.destroy?.()
  }
  return { resumedFrom: resumedFrom ?? size }
}

/** In Node the tus client takes no Blob; one in memory becomes a Buffer there. */
async function uploadable(source: UploadSource) {
  const node = globalThis as { Buffer?: typeof Buffer; window?: unknown }
  if (!(source instanceof Blob) || !node.Buffer || node.window) return source
  return node.Buffer.from(await source.arrayBuffer())
}

function uploadError(error: Error | DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : undefined
  if (!response) return new GranaryError('UNREACHABLE', 'the upload broke off and could not be resumed')
  try {
    const problem = JSON.parse(response.getBody())
    if (typeof problem.code === 'string') return fromProblem(problem)
  } catch {
    // not a problem document: told by its status below
  }
  return new GranaryError('ANSWER_INVALID', `the upload was answered with ${response.getStatus()}`)
}
