import type { IncomingMessage } from 'node:http'
import {
  cameUnencrypted,
  connectionOptions,
  createRefusals,
  followRequests,
  limitConnections,
  limitRequests,
  limitSlowBodies,
  requestIdOf,
  type Telemetry,
} from '@granary/operation'
import { trustedBy } from '@granary/protocol/node'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { DOCS_POLICY } from '../openapi/openapi.js'
import type { MetricsService } from '../operations/metrics.service.js'
import { apiHeaders } from './headers.js'
import type { RateLimits } from './rate-limit.js'
import { collectRoutes, type RouteList, refuseOtherMethods } from './routes.js'

/** Asked by machines every few seconds. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics', '/*'])
/** What the server knows at all. */
const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'
/** Swagger's page and its files; the description itself is JSON like everything else. */
const DOCS = /^\/docs(?:[/?]|$)/

const refusalsOf = (config: Config) => createRefusals(apiHeaders(config), METHODS)

/** The Fastify server under Nest: limits, request ids. */
export function createAdapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: config.MAX_BODY_BYTES,
    trustProxy: trustedBy(config.TRUST_PROXY),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    ...connectionOptions(
      {
        maxHeaderBytes: config.MAX_HEADER_BYTES,
        headersTimeoutMs: config.HEADERS_TIMEOUT_MS,
        idleTimeoutMs: config.IDLE_TIMEOUT_MS,
      },
      refusalsOf(config),
    ),
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
  const headers = apiHeaders(config)
  const trustsProxy = Boolean(config.TRUST_PROXY)
  // Hooks that wait for nothing are no promises: each request would wait for each of those.
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.headers(headers)
    if (cameUnencrypted(request, trustsProxy)) reply.removeHeader('strict-transport-security')
    if (DOCS.test(request.url)) reply.header('content-security-policy', DOCS_POLICY)
    done()
  })
  const refusals = refusalsOf(config)
  if (!trustsProxy) limitConnections(fastify, config.CONNECTIONS_PER_ADDRESS, refusals)
  limitSlowBodies(fastify, config.BODY_TIMEOUT_MS, refusals, '/v1/uploads')
  await limits.mount(fastify)
  limitRequests(fastify, {
    maxBodyBytes: config.MAX_BODY_BYTES,
    maxJsonDepth: config.MAX_JSON_DEPTH,
    maxUrlBytes: config.MAX_URL_BYTES,
    maxQueryParameters: config.MAX_QUERY_PARAMETERS,
  })
  refuseOtherMethods(fastify, routes)
  return routes
}
