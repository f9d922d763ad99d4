import {
  type ballotBodySchema,
  GranaryError,
  messageToJson,
  type RelayedResource,
  structHash,
  VOTE_CHOICES,
  type VoteResource,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { Signatures } from '../chain/signatures.js'
import { decodeCursor, encodeCursor, type Page, POSITION, toPage } from '../http/page.js'
import { RelaysService } from '../relays/relays.service.js'
import { GovernanceRepository } from './governance.repository.js'
import { presentVote } from './proposal.presenter.js'
import { ProposalsService } from './proposals.service.js'

/** Votes, one an account and proposal. */
@Injectable()
export class VotesService {
  constructor(
    private readonly repository: GovernanceRepository,
    private readonly proposals: ProposalsService,
    private readonly relays: RelaysService,
    private readonly signatures: Signatures,
  ) {}

  async cast(
    session: Session,
    id: string,
    { ballot, signature }: z.output<typeof ballotBodySchema>,
  ): Promise<RelayedResource> {
    if (ballot.proposalId !== BigInt(id))
      throw new GranaryError('MESSAGE_INVALID', 'the message is about another proposal')
    if (ballot.nonce !== 0n) throw new GranaryError('MESSAGE_INVALID', 'the nonce of a ballot is 0')
    if (ballot.support >= VOTE_CHOICES.length) throw new GranaryError('GOVERNOR_INVALID_VOTE_TYPE')
    const by = await this.signatures.check(session, 'Ballot', ballot, signature, ballot.voter)
    const payload = { message: messageToJson('Ballot', ballot), signature, by }
    const key = structHash('Ballot', ballot)
    const proposal = await this.proposals.require(id)
    if (!(await this.relays.known('ballot', key))) {
      if (await this.repository.vote(id, ballot.voter)) throw new GranaryError('GOVERNOR_ALREADY_CAST_VOTE')
      const { state } = await this.proposals.present(proposal)
      if (state === 'pending') throw new GranaryError('VOTE_NOT_BEGUN')
      if (state !== 'active') throw new GranaryError('VOTE_OVER', { state })
      if ((await this.repository.votesAt(ballot.voter, proposal.voteStart)) === 0n)
        throw new GranaryError('VOTES_MISSING')
      await this.relays.judge('ballot', payload)
    }
    return { relay: await this.relays.enqueue('ballot', key, session.address, payload) }
  }

  /** Newest first. */
  async list(
    id: string,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<Page<VoteResource>> {
    await this.proposals.require(id)
    const [place] = decodeCursor(cursor, POSITION) ?? []
    const rows = await this.repository.votes(id, place ? BigInt(place) : null, limit + 1)
    return toPage(rows, limit, (row) => encodeCursor(row.position), presentVote)
  }
}
