import {
  ballotBodySchema,
  bytes32Schema,
  type PageQuery,
  pageQuerySchema,
  proposalBodySchema,
  proposalDetailSchema,
  proposalsPageSchema,
  proposalsQuerySchema,
  proposedSchema,
  relayedSchema,
  votesPageSchema,
} from '@granary/protocol'
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { ProposalsService } from './proposals.service.js'
import { VotesService } from './votes.service.js'

@ApiTags('governance')
@Controller('v1/proposals')
export class ProposalsController {
  constructor(
    private readonly proposals: ProposalsService,
    private readonly votes: VotesService,
  ) {}

  @Post()
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: proposedSchema })
  create(
    @CurrentSession() session: Session,
    @Body({ schema: proposalBodySchema }) body: z.output<typeof proposalBodySchema>,
  ) {
    return this.proposals.create(session, body)
  }

  @Get()
  @ApiResponse({ status: 200, standardSchema: proposalsPageSchema })
  list(@Query({ schema: proposalsQuerySchema }) query: z.output<typeof proposalsQuerySchema>) {
    return this.proposals.list(query)
  }

  @Get(':id')
  @ApiResponse({ status: 200, standardSchema: proposalDetailSchema })
  get(@Param('id', { schema: bytes32Schema }) id: string) {
    return this.proposals.get(id)
  }

  @Get(':id/votes')
  @ApiResponse({ status: 200, standardSchema: votesPageSchema })
  listVotes(
    @Param('id', { schema: bytes32Schema }) id: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ) {
    return this.votes.list(id, query)
  }

  @Post(':id/votes')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  vote(
    @CurrentSession() session: Session,
    @Param('id', { schema: bytes32Schema }) id: string,
    @Body({ schema: ballotBodySchema }) body: z.output<typeof ballotBodySchema>,
  ) {
    return this.votes.cast(session, id, body)
  }

  @Post(':id/queue')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  queue(@CurrentSession() session: Session, @Param('id', { schema: bytes32Schema }) id: string) {
    return this.proposals.queue(session, id)
  }

  @Post(':id/execute')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  execute(@CurrentSession() session: Session, @Param('id', { schema: bytes32Schema }) id: string) {
    return this.proposals.execute(session, id)
  }
}
