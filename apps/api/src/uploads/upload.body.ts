import type { IncomingMessage } from 'node:http'
import { GranaryError } from '@granary/protocol'

/**
 * The bytes of a request as they come. Ends early, in good order, when `signal` aborts: what came until then is to be
 * kept. The connection stays open, so that the request can be answered.
 *
 * @param most bytes that may come
 * @throws GranaryError UPLOAD_TOO_LARGE; what broke the connection
 */
export async function* bodyOf(
  request: IncomingMessage,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let wake = () => {}
  let failure: unknown
  let ended = false
  const woken = () => wake()
  const end = () => {
    ended = true
    wake()
  }
  const fail = (error: unknown) => {
    failure ??= error
    wake()
  }
  request.on('readable', woken).once('end', end).once('close', end).on('error', fail)
  signal.addEventListener('abort', woken)
  try {
    for (let come = 0; !signal.aborted; ) {
      const chunk: Buffer | null = request.read()
      if (chunk) {
        come += chunk.length
        if (come > most) throw new GranaryError('UPLOAD_TOO_LARGE')
        yield chunk
      } else if (failure !== undefined) throw failure
      else if (ended || request.readableEnded || request.destroyed) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', woken)
    request.off('readable', woken).off('end', end).off('close', end).off('error', fail)
  }
}
