// The custodian over HTTP: JSON in and out by the schemas of @granary/protocol, faults as RFC 9457 problem documents.
import {
  cameUnencrypted,
  clientKey,
  connectionOptions,
  createRateLimits,
  createRefusals,
  followRequests,
  limitConnections,
  limitRequests,
  limitSlowBodies,
  note,
  requestIdOf,
  safeHeaders,
  type Telemetry,
} from '@granary/operation'
import {
  GranaryError,
  ledgerQuerySchema,
  messageToJson,
  ownerReleaseBodySchema,
  problem,
  receiptsBodySchema,
  settlementProposalSchema,
  sharesBodySchema,
} from '@granary/protocol'
import { trustedBy } from '@granary/protocol/node'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Config } from '../config.js'
import type { Custodian } from '../custodian.js'
import type { Metrics } from '../operations/metrics.js'

/** What the server knows at all. */
const METHODS = 'GET, HEAD, OPTIONS, POST'
const RAW_BLOCK = 'application/vnd.ipld.raw'

const epochParams = z.object({ epoch: z.coerce.number().int().min(1) })
const numberParams = z.object({ number: z.coerce.number().int().min(1) })
const cidParams = z.object({ cid: z.string().max(128) })

/** Asked by machines every few seconds. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics', '/v1/ledger', '/v1/key-generations/:epoch'])

interface Around {
  config: Config
  log: Logger
  metrics: Metrics
  telemetry: Telemetry
  /** Whether the program is being stopped. */
  stopping: () => boolean
}

/** The routes. Nothing here needs a session: what matters is signed. */
export async function createServer(custodian: Custodian, around: Around): Promise<FastifyInstance> {
  const { config, log, metrics, telemetry, stopping } = around
  // Any page may ask: what is answered is sealed or public, and nothing of a browser's own says who asks.
  const headers = {
    ...safeHeaders(config.endpoint),
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
  }
  const refusals = createRefusals(headers, METHODS)
  const server = Fastify({
    bodyLimit: config.maxBodyBytes,
    trustProxy: trustedBy(config.trustProxy),
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    ...connectionOptions(config, refusals),
  })
  followRequests(server, { log, meters: metrics.meters, telemetry, quiet: QUIET })
  const trustsProxy = Boolean(config.trustProxy)
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...headers, 'x-request-id': request.id })
    if (cameUnencrypted(request, trustsProxy)) reply.removeHeader('strict-transport-security')
  })
  if (!trustsProxy) limitConnections(server, config.connectionsPerAddress, refusals)
  limitSlowBodies(server, config.bodyTimeoutMs, refusals)
  const limit = (await createRateLimits(server, config.rateLimitKeys))(config.rateLimitPerMinute, clientKey)
  server.addHook('onRequest', async (request, reply) => {
    // Whoever watches the process must not be told that it is dead.
    if (request.url !== '/healthz') await limit(request, reply)
  })
  limitRequests(server, config)
  server.setErrorHandler((error, request, reply) => {
    const known = translate(error as FastifyError)
    const document = problem(known)
    note({ code: document.code })
    if (document.status >= 500) log.warn({ err: error, code: document.code }, 'refused')
    const told = { ...document, instance: `urn:granary:request:${request.id}` }
    return reply
      .code(document.status)
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(told))
  })
  server.setNotFoundHandler(() => {
    throw new GranaryError('NOT_FOUND')
  })
  server.options('/*', (_, reply) =>
    reply
      .headers({
        'access-control-allow-headers': 'content-type, x-request-id',
        'access-control-max-age': '600',
      })
      .code(204)
      .send(),
  )

  server.get('/healthz', () => custodian.health())
  server.get('/readyz', async () => {
    if (stopping()) throw new GranaryError('SHUTTING_DOWN')
    await custodian.state.checkReady()
    return { status: 'ok' }
  })
  server.get('/metrics', async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  server.get('/v1/identity', () => custodian.identity())
  server.get('/v1/key-generations/:epoch', (request) =>
    custodian.keyGeneration.state(parse(epochParams, request.params).epoch),
  )
  server.post('/v1/receipts', async (request) => {
    const { order } = parse(receiptsBodySchema, request.body)
    const answer = await custodian.receipts.give(order)
    metrics.judged('receipts', order.datasets.length, answer.refused)
    return { ...answer, receipt: answer.receipt && messageToJson('Receipt', answer.receipt) }
  })
  server.post('/v1/shares', async (request) => {
    const body = parse(sharesBodySchema, request.body)
    const answer = await custodian.releases.give(body)
    metrics.judged('shares', body.order.datasets.length, answer.refused)
    return { ...answer, delivery: answer.delivery && messageToJson('Delivery', answer.delivery) }
  })
  server.post('/v1/owner-releases', async (request) => {
    const body = parse(ownerReleaseBodySchema, request.body)
    const answer = await custodian.ownerReleases.give(body)
    metrics.judged('owner-releases', body.release.datasets.length, answer.refused)
    return answer
  })
  server.get('/v1/ledger', async (request) => {
    const { after, limit } = parse(ledgerQuerySchema, request.query)
    return { entries: await custodian.ledger.page(after, limit), last: custodian.ledger.last }
  })
  server.get('/v1/settlements/:number', (request) =>
    custodian.settlement(parse(numberParams, request.params).number),
  )
  server.post('/v1/settlements/signatures', (request) =>
    custodian.countersigner.answer(parse(settlementProposalSchema, request.body)),
  )
  server.post('/v1/settlements', () => custodian.settler.now())
  server.get('/ipfs/:cid', async (request, reply) => {
    const bytes = await custodian.block(parse(cidParams, request.params).cid)
    return reply
      .headers({
        'content-type': RAW_BLOCK,
        'content-disposition': 'attachment',
        'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
        'cache-control': 'public, max-age=29030400, immutable',
      })
      .send(Buffer.from(bytes))
  })
  return server
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new GranaryError('VALIDATION_FAILED', { errors: errors.slice(0, 20) })
}

/** Faults of Fastify and of the disk by our codes. */
function translate(error: FastifyError): Error {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new GranaryError('MALFORMED_JSON')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new GranaryError('BODY_TOO_LARGE')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new GranaryError('UNSUPPORTED_MEDIA_TYPE')
    case 'ENOSPC':
    case 'EDQUOT':
      return new GranaryError('SERVICE_UNAVAILABLE', 'the custodian has no room on its disk', {
        cause: error,
      })
    default:
      return error
  }
}
