import { GranaryError, readJson } from '@granary/protocol'
import type { FastifyInstance } from 'fastify'

/** What a request may be; the names are those of the variables. */
export interface RequestLimits {
  maxBodyBytes: number
  maxJsonDepth: number
  maxUrlBytes: number
  maxQueryParameters: number
}

/** How long a URL may be and how many parameters it may have, and JSON as the only body there is. */
export function limitRequests(fastify: FastifyInstance, limits: RequestLimits): void {
  const { maxBodyBytes, maxJsonDepth, maxUrlBytes, maxQueryParameters } = limits
  fastify.addHook('onRequest', ({ url }, _reply, done) => {
    const query = url.indexOf('?')
    if (Buffer.byteLength(url) > maxUrlBytes) done(new GranaryError('URL_TOO_LONG'))
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
