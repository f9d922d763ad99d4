import { GranaryError, type Hex } from '@granary/protocol'
import type { Context } from './context.js'

/** So long without a byte means that the connection is dead. */
const STALL = 60_000
const ATTEMPTS = 4

/**
 * The sealed file of a dataset as the API has it, from byte `from` (default 0; at or behind the end: nothing). A connection that breaks is taken up again where it
 * broke. Nothing here is verified: whoever reads it computes the CID.
 */
export function contentStream(
  context: Context,
  dataset: Hex,
  { from = 0, signal }: { from?: number; signal?: AbortSignal | undefined } = {},
): ReadableStream<Uint8Array> {
  let position = from
  let failures = 0
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined

  async function open(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    const headers: Record<string, string> = { accept: 'application/octet-stream' }
    if (position > 0) headers.range = `bytes=${position}-`
    const url = `${context.api}/v1/datasets/${dataset}/content`
    const answer = await context.http.response(url, { headers, signal, timeout: STALL })
    if (position > 0 && answer.status !== 206)
      throw new GranaryError('CONTENT_UNAVAILABLE', 'the download broke off and the server cannot resume it')
    if (!answer.body) throw new GranaryError('CONTENT_UNAVAILABLE', `${url} has no body`)
    return answer.body.getReader()
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          try {
            reader ??= await open()
            const { done, value } = await withDeadline(reader.read())
            if (done) return controller.close()
            position += value.length
            failures = 0
            return controller.enqueue(value)
          } catch (error) {
            await reader?.cancel().catch(() => {})
            reader = undefined
            signal?.throwIfAborted()
            if (position > 0 && error instanceof GranaryError && error.code === 'RANGE_NOT_SATISFIABLE')
              return controller.close()
            failures += 1
            if (failures >= ATTEMPTS || (error instanceof GranaryError && error.code !== 'UNREACHABLE'))
              throw error
            context.log(`content of ${dataset} broke off at byte ${position}: taking it up again`)
          }
        }
      },
      cancel: async (reason) => {
        await reader?.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

/** The first bytes of a sealed file, at most `length` of them. */
export async function contentPrefix(context: Context, dataset: Hex, length: number): Promise<Uint8Array> {
  const answer = await context.http.response(`${context.api}/v1/datasets/${dataset}/content`, {
    headers: { accept: 'application/octet-stream', range: `bytes=0-${length - 1}` },
  })
  const bytes = new Uint8Array(await withDeadline(answer.arrayBuffer()))
  return bytes.subarray(0, length)
}

async function withDeadline<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GranaryError('UNREACHABLE', 'the download stands still')), STALL)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
