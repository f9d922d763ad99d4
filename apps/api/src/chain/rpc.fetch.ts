import { inTime } from '@granary/protocol/node'
import { type FetchGetUrlFunc, type FetchRequest, makeError } from 'ethers'

/**
 * How ethers reaches the chain: by the platform's fetch, like everything else here, so that its calls are followed and
 * carry the request's id, too.
 */
export const fetchUrl: FetchGetUrlFunc = async (request: FetchRequest, signal) => {
  signal?.checkSignal()
  const cancelled = new AbortController()
  signal?.addListener(() => cancelled.abort())
  const ask = async (stop: AbortSignal) => {
    const answer = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body as Uint8Array<ArrayBuffer> | null,
      redirect: 'manual',
      signal: stop,
    })
    return {
      statusCode: answer.status,
      statusMessage: answer.statusText,
      headers: Object.fromEntries(answer.headers),
      body: new Uint8Array(await answer.arrayBuffer()),
    }
  }
  return inTime(request.timeout, ask, cancelled.signal).catch((error: Error) => {
    if (error.name !== 'TimeoutError') throw error
    throw makeError('request timeout', 'TIMEOUT', { operation: 'send', reason: 'timeout', request })
  })
}
