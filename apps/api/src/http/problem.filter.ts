import { note } from '@granary/operation'
import { type ErrorCode, errorCode, GranaryError, problem } from '@granary/protocol'
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { failedService } from './failed-service.js'

const BY_STATUS: Record<number, ErrorCode> = {
  400: 'ARGUMENT_INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  414: 'URL_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  416: 'RANGE_NOT_SATISFIABLE',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
}

const BY_FASTIFY_CODE: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_JSON',
}

/** An error of any origin as one of the catalogue. What is not meant for the caller becomes INTERNAL. */
export function classify(error: unknown): GranaryError {
  if (error instanceof GranaryError) return error
  const code = errorCode(error)
  if (code) return new GranaryError(code, (error as Error).message, { cause: error })
  // Nest wraps what Fastify throws.
  if (error instanceof HttpException && error.cause instanceof Error) return classify(error.cause)
  const raw = error as { code?: unknown; statusCode?: unknown }
  const fastify = typeof raw?.code === 'string' ? BY_FASTIFY_CODE[raw.code] : undefined
  if (fastify) return new GranaryError(fastify, undefined, { cause: error })
  if (error instanceof SyntaxError && raw.statusCode === 400) return new GranaryError('MALFORMED_JSON')
  const status = error instanceof HttpException ? error.getStatus() : Number(raw?.statusCode)
  const byStatus = BY_STATUS[status]
  if (byStatus) return new GranaryError(byStatus, undefined, { cause: error })
  return new GranaryError(failedService(error) ?? 'INTERNAL', undefined, { cause: error })
}

/** Every error leaves as an RFC 9457 problem document; only what is our own fault is logged with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http')

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const request = host.switchToHttp().getRequest<FastifyRequest>()
    const known = classify(error)
    note({ code: known.code })
    if (known.status >= 500) {
      const cause = known.cause ?? known
      this.log.error(
        `${request.method} ${request.routeOptions.url ?? 'unknown'} ${known.code}: ${(cause as Error)?.stack ?? String(cause)}`,
      )
    }
    if (reply.raw.headersSent) {
      reply.raw.destroy()
      return
    }
    // RFC 9110, 15.5.17: how long it is, so that the next range can be right.
    if (known.code === 'RANGE_NOT_SATISFIABLE' && known.detail?.size !== undefined)
      void reply.header('content-range', `bytes */${known.detail.size}`)
    void reply
      .status(known.status)
      .header('cache-control', 'no-store')
      .type('application/problem+json; charset=utf-8')
      .send({ ...problem(known), instance: `urn:granary:request:${request.id}` })
  }
}
