import {
  bytes32Schema,
  consentBodySchema,
  consentMessagesPageSchema,
  consentMessagesQuerySchema,
  type PageQuery,
  relayedSchema,
  withdrawalBodySchema,
} from '@granary/protocol'
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { ConsentsService } from './consents.service.js'
import { SignedConsentsService } from './signed-consents.service.js'

@ApiTags('datasets')
@Controller('v1/datasets/:id')
export class ConsentsController {
  constructor(
    private readonly consents: ConsentsService,
    private readonly signed: SignedConsentsService,
  ) {}

  @Get('consents')
  @ApiResponse({ status: 200, standardSchema: consentMessagesPageSchema })
  list(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Query({ schema: consentMessagesQuerySchema }) query: PageQuery,
  ) {
    return this.signed.list(id, query)
  }

  @Post('consent')
  @UseGuards(SignedIn)
  @HttpCode(202)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  update(
    @CurrentSession() session: Session,
    @Param('id', { schema: bytes32Schema }) id: string,
    @Body({ schema: consentBodySchema }) body: z.output<typeof consentBodySchema>,
  ) {
    return this.consents.update(session, id, body)
  }

  @Post('withdrawal')
  @UseGuards(SignedIn)
  @HttpCode(202)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  withdraw(
    @CurrentSession() session: Session,
    @Param('id', { schema: bytes32Schema }) id: string,
    @Body({ schema: withdrawalBodySchema }) body: z.output<typeof withdrawalBodySchema>,
  ) {
    return this.consents.withdraw(session, id, body)
  }
}
