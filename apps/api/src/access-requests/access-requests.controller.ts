import {
  approvalBodySchema,
  approvalsPageSchema,
  bytes32Schema,
  manifestBodySchema,
  openedRequestSchema,
  openRequestBodySchema,
  type PageQuery,
  pageQuerySchema,
  proposedManifestSchema,
  relayedSchema,
  requestManifestSchema,
  requestSchema,
  requestsPageSchema,
  requestsQuerySchema,
} from '@granary/protocol'
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { AccessRequestsService } from './access-requests.service.js'
import { ManifestsService } from './manifests.service.js'

@ApiTags('access-requests')
@Controller('v1/access-requests')
export class AccessRequestsController {
  constructor(
    private readonly requests: AccessRequestsService,
    private readonly manifests: ManifestsService,
  ) {}

  @Post('manifests')
  @HttpCode(200)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 200, standardSchema: proposedManifestSchema })
  propose(
    @CurrentSession() session: Session,
    @Body({ schema: manifestBodySchema }) body: z.output<typeof manifestBodySchema>,
  ) {
    return this.manifests.propose(session, body)
  }

  @Post()
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: openedRequestSchema })
  open(
    @CurrentSession() session: Session,
    @Body({ schema: openRequestBodySchema }) body: z.output<typeof openRequestBodySchema>,
  ) {
    return this.requests.open(session, body)
  }

  @Get()
  @ApiResponse({ status: 200, standardSchema: requestsPageSchema })
  list(@Query({ schema: requestsQuerySchema }) query: z.output<typeof requestsQuerySchema>) {
    return this.requests.list(query)
  }

  @Get(':id')
  @ApiResponse({ status: 200, standardSchema: requestSchema })
  get(@Param('id', { schema: bytes32Schema }) id: string) {
    return this.requests.get(id)
  }

  @Get(':id/manifest')
  @ApiResponse({ status: 200, standardSchema: requestManifestSchema })
  manifest(@Param('id', { schema: bytes32Schema }) id: string) {
    return this.requests.manifest(id)
  }

  @Post(':id/approvals')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  approve(
    @CurrentSession() session: Session,
    @Param('id', { schema: bytes32Schema }) id: string,
    @Body({ schema: approvalBodySchema }) body: z.output<typeof approvalBodySchema>,
  ) {
    return this.requests.approve(session, id, body)
  }

  @Get(':id/approvals')
  @ApiResponse({ status: 200, standardSchema: approvalsPageSchema })
  approvals(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ) {
    return this.requests.approvals(id, query)
  }

  @Post(':id/refund')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  refund(@CurrentSession() session: Session, @Param('id', { schema: bytes32Schema }) id: string) {
    return this.requests.refund(session, id)
  }
}
