import { GranaryError } from '@granary/protocol'
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asUntrustedBytes } from '../http/headers.js'
import { type GatewayQuery, gatewayQuery, readRequest } from './gateway.request.js'
import { GatewayService } from './gateway.service.js'

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
    const asked = readRequest(query, request.headers.accept)
    const cached = (request.headers['cache-control'] ?? '').includes('only-if-cached')
    const { type, etag, filename, body } = await this.gateway.answer(cid, asked).catch((error) => {
      throw cached && error.code === 'BLOCK_UNKNOWN' ? new GranaryError('CONTENT_NOT_CACHED') : error
    })
    asUntrustedBytes(reply, type, filename)
      .header('etag', etag)
      .header('vary', 'accept')
      .header('x-ipfs-path', `/ipfs/${cid}`)
      .header('x-ipfs-roots', cid)
      .header('accept-ranges', 'none')
      .header('cache-control', 'public, max-age=29030400, immutable')
    if (matches(request.headers['if-none-match'], etag)) return reply.status(304).send()
    // The length of a CAR is not known before it was made.
    if (request.method === 'HEAD') return reply.send()
    return reply.send(body())
  }
}

/** Whether one of the tags in `If-None-Match` is this one; weak and strong are the same here (RFC 9110, 13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return (header ?? '').split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(etag))
}
