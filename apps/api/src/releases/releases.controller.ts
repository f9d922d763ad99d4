import {
  bytes32Schema,
  custodianAnswersSchema,
  type PageQuery,
  pageQuerySchema,
  receiptsProxyBodySchema,
  sharesProxyBodySchema,
  usesPageSchema,
} from '@granary/protocol'
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { AccessRequestsService } from '../access-requests/access-requests.service.js'
import { SignedIn } from '../auth/signed-in.guard.js'
import { ReleasesService } from './releases.service.js'

@ApiTags('releases')
@Controller('v1/access-requests/:id/releases')
export class ReleasesController {
  constructor(
    private readonly releases: ReleasesService,
    private readonly requests: AccessRequestsService,
  ) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: usesPageSchema })
  settled(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ) {
    return this.requests.uses(id, query)
  }

  @Post('receipts')
  @HttpCode(200)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 200, standardSchema: custodianAnswersSchema })
  receipts(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Body({ schema: receiptsProxyBodySchema }) body: z.output<typeof receiptsProxyBodySchema>,
  ) {
    return this.releases.forward(id, 'receipts', body)
  }

  @Post('shares')
  @HttpCode(200)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 200, standardSchema: custodianAnswersSchema })
  shares(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Body({ schema: sharesProxyBodySchema }) body: z.output<typeof sharesProxyBodySchema>,
  ) {
    return this.releases.forward(id, 'shares', body)
  }
}
