import type { IncomingMessage } from 'node:http'
import { followRequests, requestIdOf, type Telemetry } from '@granary/operation'
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

/** Asked by machines every few seconds. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics', '/*'])
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
    // While it stops it still answers; `/readyz` and `connection: close` tell whoever sends requests to go elsewhere.
    return503OnClosing: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
  })
}

/** What happens around every request: a line in the log, a measurement, headers, the limits. */
export async function mountHooks(
  fastify: FastifyInstance,
  config: Config,
  log: Logger,
  metrics: MetricsService,
  telemetry: Telemetry,
  limits: RateLimits,
): Promise<RouteList> {
  followRequests(fastify, { log, meters: metrics.meters, telemetry, quiet: QUIET })
  const routes = collectRoutes(fastify)
  const headers = { ...apiHeaders(config), 'cache-control': 'no-store' }
  // Hooks that wait for nothing are no promises: each request would wait for each of those.
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.headers(headers)
    if (request.url.startsWith('/docs')) reply.header('content-security-policy', DOCS_POLICY)
    done()
  })
  limitConnections(fastify, config)
  limitSlowBodies(fastify, config)
  await limits.mount(fastify)
  limitRequests(fastify, config)
  refuseOtherMethods(fastify, routes)
  return routes
}
