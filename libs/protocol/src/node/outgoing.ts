import { lookup as systemLookup } from 'node:dns'
import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { GranaryError } from '../errors.js'
import { inTime } from './in-time.js'
import { createReach, type OutgoingAllow } from './reach.js'

/** What one request may take. */
export interface OutgoingOptions {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  /** sent as it is */
  body?: string
  /** milliseconds until the whole answer must be there */
  timeoutMs: number
  /** bytes of the answer */
  maxBytes: number
  signal?: AbortSignal
}

export interface OutgoingAnswer {
  status: number
  ok: boolean
  headers: IncomingHttpHeaders
  bytes: Uint8Array
}

/** A request to a URL that somebody else chose. */
export type Outgoing = (url: string, options: OutgoingOptions) => Promise<OutgoingAnswer>

/**
 * Makes requests to URLs that somebody else chose (an endpoint on chain, say) without being led elsewhere: http and https
 * only, no credentials in the URL, a name is looked up once and the connection goes to an address that was judged (so a
 * name that changes between two looks gains nothing), no redirect is followed, no proxy of the environment is asked, and
 * time and size of the answer are bounded. Private and loopback addresses only as `allow` has it.
 *
 * What it does not protect: whoever the URL names learns that it was called, and by whom.
 *
 * @param allow what may be reached beside public addresses; `anywhere` is for URLs that the operator named
 * @param lookup how names are looked up; the system's way unless a test says otherwise
 * @returns a function that throws GranaryError URL_REFUSED, UNREACHABLE, ANSWER_INVALID (too large)
 */
export function createOutgoing(
  allow: OutgoingAllow | 'anywhere',
  lookup: LookupFunction = systemLookup,
): Outgoing {
  const reaches = allow === 'anywhere' ? () => true : createReach(allow)
  const judged = judgedLookup(lookup, reaches)
  return async (text, options) => {
    const url = readUrl(text)
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(host) !== 0 && !reaches(host)) throw refused(url)
    return send(url, options, judged, allow === 'anywhere')
  }
}

function readUrl(text: string): URL {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new GranaryError('URL_REFUSED', 'this is no URL')
  }
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw refused(url)
  return url
}

const refused = (url: URL) =>
  new GranaryError('URL_REFUSED', `${url.protocol}//${url.host} is no address that may be called`)

class Refused extends Error {}

/** Looks a name up and gives only addresses that may be reached; the connection is made to what this gives. */
function judgedLookup(lookup: LookupFunction, reaches: (address: string) => boolean): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '')
      const all = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      const reachable = all.filter(({ address }) => reaches(address))
      const [first] = reachable
      if (first === undefined) return done(new Refused(), '')
      if (options.all) return done(null, reachable)
      done(null, first.address, first.family)
    })
  }
}

function send(
  url: URL,
  options: OutgoingOptions,
  lookup: LookupFunction,
  isReused: boolean,
): Promise<OutgoingAnswer> {
  const { method = 'GET', headers = {}, body, timeoutMs, maxBytes, signal } = options
  const origin = url.origin
  const ask = (stop: AbortSignal) =>
    new Promise<OutgoingAnswer>((resolve, reject) => {
      const fail = (cause: unknown) => {
        if (cause instanceof GranaryError) reject(cause)
        else if (cause instanceof Refused) reject(refused(url))
        else reject(new GranaryError('UNREACHABLE', { url: origin }, { cause }))
      }
      const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
        method,
        lookup,
        signal: stop,
        // One connection a request: nothing is kept that was judged under another name.
        ...(isReused ? {} : { agent: false }),
        headers: {
          'accept-encoding': 'identity',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
      })
      request.once('error', fail)
      request.once('response', (response) => {
        bounded(response, maxBytes).then((bytes) => {
          const status = response.statusCode ?? 0
          resolve({ status, ok: status >= 200 && status < 300, headers: response.headers, bytes })
        }, fail)
      })
      request.end(body)
    })
  return inTime(timeoutMs, ask, ...(signal ? [signal] : []))
}

async function bounded(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > maxBytes) throw new GranaryError('ANSWER_INVALID', { size: 'too large' })
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
