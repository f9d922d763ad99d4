import { setTimeout as wait } from 'node:timers/promises'
import { GranaryError } from '@granary/protocol'
import { inTime } from '@granary/protocol/node'

const MOST_REDIRECTS = 3
const FIRST_PAUSE_MS = 200

export interface LimitedRequest {
  method?: 'GET' | 'POST' | 'DELETE'
  headers?: Record<string, string>
  body?: string | FormData
  /** Bytes that the answer may have at most. */
  mostBytes: number
  /** Whether a status of 5xx is an answer like any other, and not one to ask again for. */
  finalErrors?: boolean
}

export interface LimitedAnswer {
  status: number
  bytes: Uint8Array
}

/** How long one request may take, its answer included, and how often it is tried. */
export interface Patience {
  timeout: number
  attempts: number
}

/**
 * Asks a server that is not trusted: the answer is limited in time and size, and redirects are followed within the same
 * host only. What may pass (no answer, too late, 429, 5xx) is tried again.
 *
 * @throws GranaryError LOCATION_UNREACHABLE, LOCATION_TIMEOUT, LOCATION_REFUSED (429 or 5xx to the end),
 *   LOCATION_REDIRECTED, LOCATION_ANSWER_TOO_LARGE
 */
export async function limitedFetch(
  url: URL,
  request: LimitedRequest,
  { timeout, attempts }: Patience,
): Promise<LimitedAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await inTime(timeout, (signal) => once(url, request, signal))
      if (answer.status !== 429 && (answer.status < 500 || request.finalErrors)) return answer
      throw refused(url, answer)
    } catch (error) {
      const passing = ['LOCATION_UNREACHABLE', 'LOCATION_TIMEOUT', 'LOCATION_REFUSED']
      if (attempt >= attempts || !passing.includes((error as GranaryError).code)) throw error
      await wait(FIRST_PAUSE_MS * 3 ** (attempt - 1))
    }
  }
}

/** The error for a status that says no. What the server wrote is cut: it is not ours. */
export function refused(url: URL, { status, bytes }: LimitedAnswer): GranaryError {
  const said = Buffer.from(bytes.subarray(0, 200)).toString().replaceAll(/\s+/g, ' ')
  return new GranaryError('LOCATION_REFUSED', `${url.host} answered ${status}: ${said}`)
}

async function once(url: URL, request: LimitedRequest, signal: AbortSignal): Promise<LimitedAnswer> {
  const { method = 'GET', headers = {}, body, mostBytes } = request
  try {
    let at = url
    for (let redirects = 0; ; redirects += 1) {
      const answer = await fetch(at, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body ? { body } : {}),
      })
      const next = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null
      if (next === null) return { status: answer.status, bytes: await limitedBody(answer, mostBytes, url) }
      await answer.body?.cancel()
      at = new URL(next, at)
      if (at.origin !== url.origin || method !== 'GET' || redirects >= MOST_REDIRECTS)
        throw new GranaryError('LOCATION_REDIRECTED', `${url.host} sends to ${at.host}`)
    }
  } catch (cause) {
    if (cause instanceof GranaryError) throw cause
    if (signal.aborted)
      throw new GranaryError('LOCATION_TIMEOUT', `${url.host} did not answer in time`, { cause })
    throw new GranaryError('LOCATION_UNREACHABLE', `${url.host} does not answer`, { cause })
  }
}

async function limitedBody(answer: Response, mostBytes: number, url: URL): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > mostBytes)
      throw new GranaryError('LOCATION_ANSWER_TOO_LARGE', `${url.host} sends more than ${mostBytes} bytes`)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
