import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { DOCS_POLICY } from '../openapi/openapi.js'
import type { MetricsService } from '../operations/metrics.service.js'
import { limitConnections, limitSlowBodies, onClientError, onFrameworkError } from './connections.js'
import { apiHeaders } from './headers.js'
import type { RateLimits } from './rate-limit.js'
import { limitRequests } from './request-limits.js'
import { collectRoutes, type RouteList, refuseOtherMethods } from './routes.js'

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/
/** How often slow headers are looked for. */
const CHECK_MS = 1_000

/** Whose X-Forwarded-For is believed: that of so many hops before this server, or of these addresses. */
const trusted = (proxies: Config['TRUST_PROXY']) =>
  typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies

/** The Fastify server under Nest: limits, request ids. */
export function createAdapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: config.MAX_BODY_BYTES,
    trustProxy: trusted(config.TRUST_PROXY),
    routerOptions: { maxParamLength: 200 },
    // An upload's bytes may take as long as they take, if they keep coming; headers may not.
    requestTimeout: 0,
    connectionTimeout: config.IDLE_TIMEOUT_MS,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: onClientError,
    frameworkErrors: onFrameworkError,
    http: {
      maxHeaderSize: config.MAX_HEADER_BYTES,
      headersTimeout: config.HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(CHECK_MS, config.HEADERS_TIMEOUT_MS),
    },
    genReqId: (request: { headers: IncomingHttpHeaders }) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
    },
  })
}

/** What happens around every request: headers, the limits, a line in the log, a measurement. */
export async function mountHooks(
  fastify: FastifyInstance,
  config: Config,
  log: Logger,
  metrics: MetricsService,
  limits: RateLimits,
): Promise<RouteList> {
  const routes = collectRoutes(fastify)
  const headers = apiHeaders(config)
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.headers(headers)
    reply.header('cache-control', 'no-store')
    if (request.url.startsWith('/docs')) reply.header('content-security-policy', DOCS_POLICY)
  })
  limitConnections(fastify, config)
  limitSlowBodies(fastify, config)
  await limits.mount(fastify)
  limitRequests(fastify, config)
  refuseOtherMethods(fastify, routes)
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    const seconds = reply.elapsedTime / 1000
    metrics.observe(request.method, route, reply.statusCode, seconds)
    const line = {
      id: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(seconds * 1000),
    }
    if (route !== '/healthz') log.debug(line, 'request')
  })
  return routes
}
