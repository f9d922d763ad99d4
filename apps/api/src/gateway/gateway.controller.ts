import { Readable } from 'node:stream'
import { GranaryError } from '@granary/protocol'
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parseRange, rangeOf } from '../http/content.range.js'
import { asUntrustedBytes } from '../http/headers.js'
import { type GatewayQuery, gatewayQuery, locationOf, readRequest } from './gateway.request.js'
import { GatewayService } from './gateway.service.js'

/** No page may take bytes that somebody uploaded for a service worker. */
const NO_WORKER = { errors: [{ path: 'service-worker', message: 'not offered' }] }

/**
 * IPFS's trustless gateway, for what this server has itself: raw blocks and CARs, whose hashes the asker checks.
 * https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
@ApiTags('gateway')
@Controller('ipfs')
export class GatewayController {
  constructor(private readonly gateway: GatewayService) {}

  @Get(':cid')
  @ApiResponse({ status: 200, description: 'A raw block (format=raw) or a CAR (format=car).' })
  async get(
    @Param('cid', { schema: z.string().max(100) }) cid: string,
    @Query({ schema: gatewayQuery }) query: GatewayQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    if (request.headers['service-worker'] !== undefined)
      throw new GranaryError('VALIDATION_FAILED', NO_WORKER)
    const asked = readRequest(query, request.headers.accept)
    const cached = (request.headers['cache-control'] ?? '').includes('only-if-cached')
    const answer = await this.gateway.answer(cid, asked).catch((error) => {
      throw cached && error.code === 'BLOCK_UNKNOWN' ? new GranaryError('CONTENT_NOT_CACHED') : error
    })
    const { type, etag } = answer
    const head = request.method === 'HEAD'
    const held = matches(request.headers['if-none-match'], etag)
    const range = head || held ? undefined : rangeOf(request.headers, etag)
    const part = 'block' in answer ? parseRange(range, answer.block.length) : null
    asUntrustedBytes(reply, type, query.filename ?? answer.filename)
      .header('etag', etag)
      .header('vary', 'accept')
      .header('x-ipfs-path', `/ipfs/${cid}`)
      .header('x-ipfs-roots', cid)
      .header('content-location', locationOf(cid, query, asked))
      .header('accept-ranges', 'block' in answer ? 'bytes' : 'none')
      .header('cache-control', 'public, max-age=29030400, immutable')
    if (held) return reply.status(304).send()
    // The length of a CAR is not known before it was made.
    if ('car' in answer) return reply.send(head ? Readable.from([]) : answer.car())
    const { block } = answer
    if (!part) return reply.send(block)
    const end = part.offset + part.length
    reply.status(206).header('content-range', `bytes ${part.offset}-${end - 1}/${block.length}`)
    return reply.send(block.subarray(part.offset, end))
  }
}

/** Whether one of the tags in `If-None-Match` is this one; weak and strong are the same here (RFC 9110, 13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return (header ?? '').split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(etag))
}
