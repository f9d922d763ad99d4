// Every call that this process makes by the platform's fetch, whoever makes it: noticed on the channels on which Node
// tells of them, so that no library and no later line of code can be forgotten.
import { subscribe } from 'node:diagnostics_channel'
import type { Logger } from 'pino'
import type { Meters } from './meters.js'
import { currentRequest } from './request.js'
import type { Span, Telemetry } from './telemetry.js'

export interface Outgoing {
  log: Logger
  meters: Meters
  telemetry: Telemetry
  /** Names for origins that the configuration knows (`chain`, `kubo`): what measurements are kept under. */
  names: Readonly<Record<string, string>>
}

/** What Node's channels pass of a request of undici. */
interface Call {
  origin?: string | URL
  method: string
  headers: string | readonly string[]
  addHeader(name: string, value: string): void
}

interface Underway {
  host: string
  target: string
  began: number
  status: number
  id: string | undefined
  span: Span | undefined
}

/**
 * Gives each call the id of the request on whose behalf it is made (`x-request-id`, and `traceparent` where traces are
 * recorded), and writes a line when it has ended: host, milliseconds, status or failure. Paths and queries are not
 * written: an endpoint's may hold its key. Loops of the program's own write theirs at level debug.
 */
export function watchOutgoing({ log, meters, telemetry, names }: Outgoing): void {
  const underway = new WeakMap<object, Underway>()

  const end = (call: Call, failure?: Error & { code?: string }) => {
    const found = underway.get(call)
    if (!found) return
    underway.delete(call)
    const { host, target, began, status, id, span } = found
    const ms = Math.round(performance.now() - began)
    const outcome = failure ? 'failed' : String(status)
    meters.called(target, failure ? 'failed' : `${Math.floor(status / 100)}xx`, ms / 1000)
    span?.end(
      failure ? { 'error.type': failure.code ?? failure.name } : { 'http.response.status_code': status },
      Boolean(failure),
    )
    const line = { ...(id ? { id } : {}), to: host, target, method: call.method, ms, outcome }
    const why = failure ? { ...line, why: failure.code ?? failure.name } : line
    log[id ? 'info' : 'debug'](why, 'outgoing')
  }

  subscribe('undici:request:create', (message) => {
    const { request: call } = message as { request: Call }
    if (!call.origin) return
    const { host, origin } = new URL(call.origin)
    const request = currentRequest()
    const target = names[origin] ?? 'other'
    const span = telemetry.begin(`${call.method} ${target}`, 'client', {
      parent: request?.span?.traceparent,
      attributes: { 'http.request.method': call.method, 'server.address': host },
      // What a loop does by itself every second is no trace of anything.
      onlyWithParent: true,
    })
    underway.set(call, { host, target, began: performance.now(), status: 0, id: request?.id, span })
    if (request && !has(call.headers, 'x-request-id')) call.addHeader('x-request-id', request.id)
    if (span && !has(call.headers, 'traceparent')) call.addHeader('traceparent', span.traceparent)
  })
  subscribe('undici:request:headers', (message) => {
    const { request, response } = message as { request: Call; response: { statusCode: number } }
    const found = underway.get(request)
    if (found) found.status = response.statusCode
  })
  subscribe('undici:request:trailers', (message) => end((message as { request: Call }).request))
  subscribe('undici:request:error', (message) => {
    const { request, error } = message as { request: Call; error: Error }
    end(request, error)
  })
}

/** Whether a header is among those of a call, which Node keeps as text or as a list by turns of names and values. */
function has(headers: string | readonly string[], name: string): boolean {
  const text =
    typeof headers === 'string' ? headers : headers.filter((_, place) => place % 2 === 0).join('\r\n')
  return new RegExp(`(^|\\r\\n)${name}(:|\\r\\n|$)`, 'i').test(text)
}
