// The custodian over HTTP: JSON in and out by the schemas of @granary/protocol, faults as RFC 9457 problem documents.
import { randomUUID } from 'node:crypto'
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
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Custodian } from '../custodian.js'

const MAX_BODY_BYTES = 8 << 20
const RAW_BLOCK = 'application/vnd.ipld.raw'

const epochParams = z.object({ epoch: z.coerce.number().int().min(1) })
const numberParams = z.object({ number: z.coerce.number().int().min(1) })
const cidParams = z.object({ cid: z.string().max(128) })

/** The routes. Nothing here needs a session: what matters is signed. */
export function createServer(custodian: Custodian, log: Logger): FastifyInstance {
  const server = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    bodyLimit: MAX_BODY_BYTES,
    requestIdHeader: 'x-request-id',
    genReqId: () => randomUUID(),
    disableRequestLogging: true,
    forceCloseConnections: true,
  })
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
    })
  })
  server.addHook('onResponse', async (request, reply) => {
    const { method, url } = request
    const level = method === 'GET' ? 'debug' : 'info'
    request.log[level](
      { method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
  server.setErrorHandler((error, request, reply) => {
    const known = translate(error as FastifyError)
    const document = problem(known)
    if (document.status >= 500) request.log.warn({ err: error }, 'refused')
    else request.log.info({ code: document.code }, 'refused')
    return reply.code(document.status).type('application/problem+json').send(JSON.stringify(document))
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
  server.get('/v1/identity', () => custodian.identity())
  server.get('/v1/key-generations/:epoch', (request) =>
    custodian.keyGeneration.state(parse(epochParams, request.params).epoch),
  )
  server.post('/v1/receipts', async (request) => {
    const answer = await custodian.receipts.give(parse(receiptsBodySchema, request.body).order)
    return { ...answer, receipt: answer.receipt && messageToJson('Receipt', answer.receipt) }
  })
  server.post('/v1/shares', async (request) => {
    const answer = await custodian.releases.give(parse(sharesBodySchema, request.body))
    return { ...answer, delivery: answer.delivery && messageToJson('Delivery', answer.delivery) }
  })
  server.post('/v1/owner-releases', (request) =>
    custodian.ownerReleases.give(parse(ownerReleaseBodySchema, request.body)),
  )
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
