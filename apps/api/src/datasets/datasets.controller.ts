import { Readable } from 'node:stream'
import {
  bytes32Schema,
  contributeBodySchema,
  contributedSchema,
  datasetFacetsSchema,
  datasetFilterSchema,
  datasetSchema,
  datasetsPageSchema,
  datasetsQuerySchema,
  historyPageSchema,
  metadataDocumentSchema,
  type PageQuery,
  pageQuerySchema,
} from '@granary/protocol'
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { asUntrustedBytes } from '../http/headers.js'
import { ContentService } from './content.service.js'
import { DatasetsService } from './datasets.service.js'
import { FacetsService } from './facets.service.js'

@ApiTags('datasets')
@Controller('v1/datasets')
export class DatasetsController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly contents: ContentService,
    private readonly facets: FacetsService,
  ) {}

  @Post()
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: contributedSchema })
  contribute(
    @CurrentSession() session: Session,
    @Body({ schema: contributeBodySchema }) body: z.output<typeof contributeBodySchema>,
  ) {
    return this.datasets.contribute(session, body)
  }

  @Get()
  @ApiResponse({ status: 200, standardSchema: datasetsPageSchema })
  list(@Query({ schema: datasetsQuerySchema }) query: z.output<typeof datasetsQuerySchema>) {
    return this.datasets.list(query)
  }

  @Get('facets')
  @ApiResponse({ status: 200, standardSchema: datasetFacetsSchema })
  count(@Query({ schema: datasetFilterSchema }) query: z.output<typeof datasetFilterSchema>) {
    return this.facets.count(query)
  }

  @Get(':id')
  @ApiResponse({ status: 200, standardSchema: datasetSchema })
  get(@Param('id', { schema: bytes32Schema }) id: string) {
    return this.datasets.get(id)
  }

  @Put(':id/metadata')
  @UseGuards(SignedIn)
  @ApiResponse({ status: 200, standardSchema: datasetSchema })
  restoreMetadata(
    @CurrentSession() session: Session,
    @Param('id', { schema: bytes32Schema }) id: string,
    @Body({ schema: metadataDocumentSchema }) metadata: z.output<typeof metadataDocumentSchema>,
  ) {
    return this.datasets.restoreMetadata(session, id, metadata)
  }

  @Get(':id/history')
  @ApiResponse({ status: 200, standardSchema: historyPageSchema })
  history(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ) {
    return this.datasets.history(id, query)
  }

  @Get(':id/content')
  @ApiResponse({ status: 200, description: 'The sealed file; ranges are answered with 206.' })
  async content(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const part = await this.contents.open(id, request.headers)
    const etag = `"${part.cid}"`
    asUntrustedBytes(reply, 'application/octet-stream', `${part.cid}.age`)
      .header('etag', etag)
      .header('accept-ranges', 'bytes')
      .header('cache-control', 'public, max-age=31536000, immutable')
    if (request.headers['if-none-match'] === etag) return reply.status(304).send()
    reply.header('content-length', part.length)
    if (part.partial)
      reply
        .status(206)
        .header('content-range', `bytes ${part.offset}-${part.offset + part.length - 1}/${part.size}`)
    return reply.send(Readable.from(part.stream, { objectMode: false }))
  }
}
