import { GranaryError, readJson } from '@granary/protocol'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.js'

/** How long a URL may be and how many parameters it may have, and JSON as the only body there is. */
export function limitRequests(fastify: FastifyInstance, config: Config): void {
  fastify.addHook('onRequest', async ({ url }) => {
    if (Buffer.byteLength(url) > config.MAX_URL_BYTES) throw new GranaryError('URL_TOO_LONG')
    const query = url.indexOf('?')
    if (query !== -1 && url.slice(query + 1).split(/[&;]/).length > config.MAX_QUERY_PARAMETERS)
      throw new GranaryError('VALIDATION_FAILED', `more than ${config.MAX_QUERY_PARAMETERS} parameters`)
  })
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser<Buffer>(
    /^application\/json\s*(?:;|$)/i,
    { parseAs: 'buffer', bodyLimit: config.MAX_BODY_BYTES },
    async (_request: unknown, body: Buffer) => readJson(body, config.MAX_JSON_DEPTH),
  )
}
