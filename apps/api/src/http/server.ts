import type { IncomingMessage } from 'node:http'
import rateLimit from '@fastify/rate-limit'
import { followRequests, requestIdOf, type Telemetry } from '@granary/operation'
import { GranaryError } from '@granary/protocol'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { DOCS_POLICY } from '../openapi/openapi.js'
import type { MetricsService } from '../operations/metrics.service.js'
import { API_HEADERS } from './headers.js'

const MOST_BODY_BYTES = 1_048_576
/** Asked by machines every few seconds. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics', '/*'])

/** The Fastify server under Nest: limits, request ids. */
export function createAdapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MOST_BODY_BYTES,
    trustProxy: config.TRUST_PROXY,
    routerOptions: { maxParamLength: 200 },
    // An upload's bytes may take as long as they take; headers may not.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // While it stops it still answers; `/readyz` and `connection: close` tell whoever sends requests to go elsewhere.
    return503OnClosing: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
  })
}

/** What happens around every request: a line in the log, a measurement, headers, the rate limit. */
export async function mountHooks(
  fastify: FastifyInstance,
  config: Config,
  log: Logger,
  metrics: MetricsService,
  telemetry: Telemetry,
): Promise<void> {
  fastify.server.headersTimeout = 30_000
  followRequests(fastify, { log, meters: metrics.meters, telemetry, quiet: QUIET })
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.headers(API_HEADERS)
    reply.header('cache-control', 'no-store')
    if (request.url.startsWith('/docs')) reply.header('content-security-policy', DOCS_POLICY)
  })
  await fastify.register(rateLimit, {
    max: config.RATE_LIMIT_PER_MINUTE,
    timeWindow: 60_000,
    // Custodians fetch blocks from here, a page fetches its files: neither is what a limit is for.
    allowList: (request: FastifyRequest) => !request.url.startsWith('/v1/'),
    errorResponseBuilder: () => new GranaryError('TOO_MANY_REQUESTS'),
  })
}
