// Every call that this process makes by the platform's fetch, whoever makes it: noticed on the channels on which Node
// tells of them, so that no library and no later line of code can be forgotten.
import { subscribe } from 'node:diagnostics_channel'
import type { Logger } from 'pino'
import type { Meters } from './meters.js'
import { currentRequest } from './request.js'
import type { Telemetry } from './telemetry.js'

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

type Failure = Error & { code?: string }

/** A call that was begun: the headers that go with it, and what to tell when it has ended. */
interface Followed {
  headers: [name: string, value: string][]
  end(status: number, failure?: Failure): void
}

let follow: ((url: URL, method: string) => Followed) | undefined

/**
 * Gives each call the id of the request on whose behalf it is made (`x-request-id`, and `traceparent` where traces are
 * recorded), and writes a line when it has ended: host, milliseconds, status or failure. Paths and queries are not
 * written: an endpoint's may hold its key. Loops of the program's own write theirs at level debug.
 */
export function watchOutgoing(outgoing: Outgoing): void {
  const underway = new WeakMap<object, Followed & { status: number }>()
  follow = (url, method) => begin(outgoing, url, method)

  const end = (call: Call, failure?: Failure) => {
    const found = underway.get(call)
    underway.delete(call)
    found?.end(found.status, failure)
  }

  subscribe('undici:request:create', (message) => {
    const { request: call } = message as { request: Call }
    if (!call.origin) return
    const begun = begin(outgoing, new URL(call.origin), call.method)
    underway.set(call, { ...begun, status: 0 })
    for (const [name, value] of begun.headers) if (!has(call.headers, name)) call.addHeader(name, value)
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

/** A way to call others that does not go through the platform's fetch, followed like those that do. */
export function followed<
  Options extends { method?: string; headers?: Record<string, string> },
  Answer extends { status: number },
>(
  call: (url: string, options: Options) => Promise<Answer>,
): (url: string, options: Options) => Promise<Answer> {
  return async (url, options) => {
    const begun = URL.canParse(url) ? follow?.(new URL(url), options.method ?? 'GET') : undefined
    if (!begun) return call(url, options)
    try {
      const headers = { ...Object.fromEntries(begun.headers), ...options.headers }
      const answer = await call(url, { ...options, headers })
      begun.end(answer.status)
      return answer
    } catch (error) {
      begun.end(0, error as Failure)
      throw error
    }
  }
}

function begin({ log, meters, telemetry, names }: Outgoing, { host, origin }: URL, method: string): Followed {
  const request = currentRequest()
  const target = names[origin] ?? 'other'
  const began = performance.now()
  const span = telemetry.begin(`${method} ${target}`, 'client', {
    parent: request?.span?.traceparent,
    attributes: { 'http.request.method': method, 'server.address': host },
    // What a loop does by itself every second is no trace of anything.
    onlyWithParent: true,
  })
  const headers: Followed['headers'] = []
  if (request) headers.push(['x-request-id', request.id])
  if (span) headers.push(['traceparent', span.traceparent])
  return {
    headers,
    end(status, failure) {
      const ms = Math.round(performance.now() - began)
      const outcome = failure ? 'failed' : String(status)
      meters.called(target, failure ? 'failed' : `${Math.floor(status / 100)}xx`, ms / 1000)
      const why = failure ? (failure.code ?? failure.name) : undefined
      span?.end(
        failure ? { 'error.type': why as string } : { 'http.response.status_code': status },
        Boolean(failure),
      )
      const line = { ...(request ? { id: request.id } : {}), to: host, target, method, ms, outcome }
      log[request ? 'info' : 'debug'](failure ? { ...line, why } : line, 'outgoing')
    },
  }
}

/** Whether a header is among those of a call, which Node keeps as text or as a list by turns of names and values. */
function has(headers: string | readonly string[], name: string): boolean {
  const text =
    typeof headers === 'string' ? headers : headers.filter((_, place) => place % 2 === 0).join('\r\n')
  return new RegExp(`(^|\\r\\n)${name}(:|\\r\\n|$)`, 'i').test(text)
}
