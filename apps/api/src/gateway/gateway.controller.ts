import { GranaryError } from '@granary/protocol'
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { BLOB_STORE } from '../app.tokens.js'
import { asUntrustedBytes } from '../http/headers.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { parseCid } from '../storage/unixfs.js'

const RAW_BLOCK = 'application/vnd.ipld.raw'
const queryShape = z.object({ format: z.string().max(50).optional() })

/**
 * The part of IPFS's trustless gateway that custodians and clients need: single blocks, whose hash the asker checks.
 * https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
@ApiTags('gateway')
@Controller('ipfs')
export class GatewayController {
  constructor(@Inject(BLOB_STORE) private readonly blobs: BlobStore) {}

  @Get(':cid')
  @ApiResponse({
    status: 200,
    description: 'One raw block (format=raw or Accept: application/vnd.ipld.raw).',
  })
  async block(
    @Param('cid', { schema: z.string().max(100) }) text: string,
    @Query({ schema: queryShape }) query: z.infer<typeof queryShape>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const accepts = (request.headers.accept ?? '').includes(RAW_BLOCK)
    if (query.format !== undefined ? query.format !== 'raw' : !accepts)
      throw new GranaryError('NOT_ACCEPTABLE')
    if (!parseCid(text)) throw new GranaryError('CID_INVALID')
    const etag = `"${text}.raw"`
    const bytes = await this.blobs.block(text, { local: true })
    if (!bytes) throw new GranaryError('BLOCK_UNKNOWN')
    asUntrustedBytes(reply, RAW_BLOCK, `${text}.bin`)
      .header('etag', etag)
      .header('vary', 'accept')
      .header('x-ipfs-path', `/ipfs/${text}`)
      .header('cache-control', 'public, max-age=29030400, immutable')
    if (request.headers['if-none-match'] === etag) return reply.status(304).send()
    return reply.send(Buffer.from(bytes))
  }
}
