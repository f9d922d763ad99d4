import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import rateLimit from '@fastify/rate-limit'
import { GranaryError } from '@granary/protocol'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { DOCS_POLICY } from '../openapi/openapi.js'
import type { MetricsService } from '../operations/metrics.service.js'
import { API_HEADERS } from './headers.js'

const MOST_BODY_BYTES = 1_048_576
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/

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
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
    },
  })
}

/** What happens around every request: headers, the rate limit, a line in the log, a measurement. */
export async function mountHooks(
  fastify: FastifyInstance,
  config: Config,
  log: Logger,
  metrics: MetricsService,
): Promise<void> {
  fastify.server.headersTimeout = 30_000
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
}
