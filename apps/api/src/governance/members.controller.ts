import {
  addressSchema,
  type DelegationBody,
  delegationBodySchema,
  delegatorsPageSchema,
  type Hex,
  joinBodySchema,
  memberQuerySchema,
  memberSchema,
  type PageQuery,
  pageQuerySchema,
  relayedSchema,
} from '@granary/protocol'
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { DelegationsService } from './delegations.service.js'
import { MembersService } from './members.service.js'

@ApiTags('governance')
@Controller('v1/members')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly delegations: DelegationsService,
  ) {}

  @Post()
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  join(
    @CurrentSession() session: Session,
    @Body({ schema: joinBodySchema }) body: z.output<typeof joinBodySchema>,
  ) {
    return this.members.join(session, body)
  }

  @Get(':address')
  @ApiResponse({ status: 200, standardSchema: memberSchema })
  get(
    @Param('address', { schema: addressSchema }) address: Hex,
    @Query({ schema: memberQuerySchema }) query: z.output<typeof memberQuerySchema>,
  ) {
    return this.members.get(address, query)
  }

  @Post(':address/delegations')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  delegate(
    @CurrentSession() session: Session,
    @Param('address', { schema: addressSchema }) address: Hex,
    @Body({ schema: delegationBodySchema }) body: DelegationBody,
  ) {
    return this.delegations.delegate(session, address, body)
  }

  @Get(':address/delegators')
  @ApiResponse({ status: 200, standardSchema: delegatorsPageSchema })
  delegators(
    @Param('address', { schema: addressSchema }) address: Hex,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ) {
    return this.delegations.delegators(address, query)
  }
}
