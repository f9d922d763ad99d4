// What happens around every request of a Fastify program: its async context, its line in the log, its measurements, its
// span.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Meters } from './meters.js'
import { inRequest, type RequestFacts } from './request.js'
import type { Telemetry } from './telemetry.js'

interface Options {
  log: Logger
  meters: Meters
  telemetry: Telemetry
  /** Routes that are asked all the time by machines: their lines are for whoever debugs. */
  quiet: ReadonlySet<string>
}

/**
 * Follows every request of the server. Its id is what the server's `genReqId` made; a line has id, method, route (never
 * the path or the query that somebody chose), status, milliseconds, and where known the problem's code and the account.
 */
export function followRequests(server: FastifyInstance, { log, meters, telemetry, quiet }: Options): void {
  const all = new WeakMap<FastifyRequest, RequestFacts>()
  // Its members are all named here and none is a secret: to look for some takes longer than to write the line.
  const lines = log.child({}, { redact: [] })

  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    const span = telemetry.begin(`${request.method} ${route}`, 'server', {
      parent: request.headers.traceparent,
      attributes: {
        'http.request.method': request.method,
        'http.route': route,
        'granary.request': request.id,
      },
    })
    const facts: RequestFacts = { id: request.id, span }
    all.set(request, facts)
    inRequest(facts, done)
  })
  // A body's bytes arrive in the context of the socket: what follows them is brought back into the request's.
  server.addHook('preValidation', (request, _reply, done) => {
    const facts = all.get(request)
    if (facts) inRequest(facts, done)
    else done()
  })
  server.addHook('onResponse', (request, reply, done) => {
    const facts = all.get(request)
    const route = request.routeOptions.url ?? 'unknown'
    // Routes that answer on the raw socket leave Fastify's own status as it was.
    const status = reply.raw.statusCode
    const { code, account } = facts ?? {}
    meters.answered(request.method, route, status, reply.elapsedTime / 1000, code)
    facts?.span?.end(
      { 'http.response.status_code': status, ...(code ? { 'granary.code': code } : {}) },
      status >= 500,
    )
    const line = {
      id: request.id,
      method: request.method,
      route,
      status,
      ms: Math.round(reply.elapsedTime),
      ...(code ? { code } : {}),
      ...(account ? { account } : {}),
    }
    lines[quiet.has(route) && status < 400 ? 'debug' : 'info'](line, 'request')
    done()
  })
  server.addHook('onRequestAbort', (request, done) => {
    const facts = all.get(request)
    facts?.span?.end({}, true)
    const route = request.routeOptions.url ?? 'unknown'
    log.info({ id: request.id, method: request.method, route, account: facts?.account }, 'request broken off')
    done()
  })
}
