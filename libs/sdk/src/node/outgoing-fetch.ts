import { GranaryError } from '@granary/protocol'
import { createOutgoing, type OutgoingAllow } from '@granary/protocol/node'
import { isLoopback } from '../loopback.js'

const MOST_MS = 120_000
const MOST_BYTES = 64 * 1024 * 1024

/**
 * A fetch for URLs that API or chain named: names are looked up once and the connection goes to an address that was
 * judged. Beside public addresses only `allow` may be reached; without it, this machine where the API is on it, too.
 * For `elsewhere` of a client. Bodies are texts; an answer is held in memory, 64 MiB at most.
 */
export function outgoingFetch(api: string, allow?: OutgoingAllow): typeof fetch {
  const call = createOutgoing(allow ?? (isLoopback(new URL(api).hostname) ? ['loopback'] : []))
  return async (input, init = {}) => {
    if (init.body !== undefined && init.body !== null && typeof init.body !== 'string')
      throw new GranaryError('ARGUMENT_INVALID', 'only texts are sent elsewhere')
    const { status, headers, bytes } = await call(String(input), {
      method: init.method === 'POST' ? 'POST' : 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
      timeoutMs: MOST_MS,
      maxBytes: MOST_BYTES,
      ...(init.signal ? { signal: init.signal } : {}),
    })
    const told = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string])
    const isEmpty = status === 204 || status === 304
    return new Response(isEmpty ? null : (bytes as Uint8Array<ArrayBuffer>), { status, headers: told })
  }
}
