import { GranaryError, readJson } from '@granary/protocol'
import type { FastifyInstance } from 'fastify'

/** What a request may be; the names are those of the variables. */
export interface RequestLimits {
  maxBodyBytes: number
  maxJsonDepth: number
  maxUrlBytes: number
  maxQueryParameters: number
}

/** A host, as HTTP/1.1 wants it, how long a URL may be and how many parameters it may have, and JSON as the only body. */
export function limitRequests(fastify: FastifyInstance, limits: RequestLimits): void {
  const { maxBodyBytes, maxJsonDepth, maxUrlBytes, maxQueryParameters } = limits
  fastify.addHook('onRequest', ({ url, headers, raw }, _reply, done) => {
    const query = url.indexOf('?')
    if (headers.host === undefined && raw.httpVersion === '1.1') done(new GranaryError('MALFORMED_REQUEST'))
    else if (Buffer.byteLength(url) > maxUrlBytes) done(new GranaryError('URL_TOO_LONG'))
    else if (query !== -1 && url.slice(query + 1).split(/[&;]/).length > maxQueryParameters)
      done(new GranaryError('VALIDATION_FAILED', `more than ${maxQueryParameters} parameters`))
    else done()
  })
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser<Buffer>(
    /^application\/json\s*(?:;|$)/i,
    { parseAs: 'buffer', bodyLimit: maxBodyBytes },
    async (_request: unknown, body: Buffer) => readJson(body, maxJsonDepth),
  )
}
