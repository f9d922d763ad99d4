import {
  GranaryError,
  type Hex,
  messageToJson,
  type ProposalDetail,
  type ProposalResource,
  type ProposalState,
  type ProposedResource,
  type proposalBodySchema,
  proposalId,
  type RelayedResource,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { id as textHash } from 'ethers'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { Signatures } from '../chain/signatures.js'
import type { Proposal } from '../database/generated/client.js'
import { decodeCursor, encodeCursor, type Page, POSITION } from '../http/page.js'
import { RelaysService } from '../relays/relays.service.js'
import { GovernanceRepository } from './governance.repository.js'
import { MembersService } from './members.service.js'
import { callsOf, presentProposal, presentVote } from './proposal.presenter.js'

const SLICE = 200
const VOTERS = 200

/** Proposals from their making to their execution. */
@Injectable()
export class ProposalsService {
  constructor(
    private readonly repository: GovernanceRepository,
    private readonly members: MembersService,
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly relays: RelaysService,
    private readonly signatures: Signatures,
  ) {}

  async create(session: Session, body: z.output<typeof proposalBodySchema>): Promise<ProposedResource> {
    const { proposal, signature } = body
    const by = await this.signatures.check(session, 'Proposal', proposal, signature, proposal.proposer)
    const { targets, values, calldatas, description } = proposal
    if (targets.length === 0 || targets.length !== values.length || targets.length !== calldatas.length)
      throw new GranaryError('GOVERNOR_INVALID_PROPOSAL_LENGTH')
    const calls = targets.map((target, i) => ({
      target,
      value: values[i] as bigint,
      data: calldatas[i] as Hex,
    }))
    const id = proposalId(calls, textHash(description) as Hex)
    const payload = { message: messageToJson('Proposal', proposal), signature, by }
    if (!(await this.relays.known('proposal', id))) {
      if (await this.repository.find(id)) throw new GranaryError('PROPOSAL_EXISTS')
      await this.members.requireProposer(proposal.proposer)
      await this.relays.judge('proposal', payload)
    }
    return { id, relay: await this.relays.enqueue('proposal', id, session.address, payload) }
  }

  async list(query: {
    state?: ProposalState | undefined
    cursor?: string | undefined
    limit: number
  }): Promise<Page<ProposalResource>> {
    const [place] = decodeCursor(query.cursor, POSITION) ?? []
    const found: { row: Proposal; shown: ProposalResource }[] = []
    for (let before = place ? BigInt(place) : null; found.length <= query.limit; ) {
      const rows = await this.repository.list(before, query.state ? SLICE : query.limit + 1)
      for (const row of rows) {
        const shown = await this.present(row)
        if (!query.state || shown.state === query.state) found.push({ row, shown })
      }
      before = rows.at(-1)?.position ?? 0n
      if (!query.state || rows.length < SLICE) break
    }
    const last = found[query.limit - 1]
    return {
      items: found.slice(0, query.limit).map(({ shown }) => shown),
      next: found.length > query.limit && last ? encodeCursor(last.row.position) : null,
    }
  }

  async get(id: string): Promise<ProposalDetail> {
    const row = await this.require(id)
    const voters = await this.repository.votes(id, null, VOTERS)
    return { ...(await this.present(row)), voters: voters.map(presentVote) }
  }

  /** Anybody signed in may have a proposal queued that has passed. */
  async queue(session: Session, id: string): Promise<RelayedResource> {
    const row = await this.require(id)
    const { state } = await this.present(row)
    if (!(await this.relays.known('proposal-queue', id))) {
      if (state === 'queued') throw new GranaryError('GOVERNOR_ALREADY_QUEUED_PROPOSAL')
      if (state !== 'succeeded') throw new GranaryError('PROPOSAL_NOT_PASSED', { state })
    }
    return this.relay('proposal-queue', session, row)
  }

  /** Anybody signed in may have a queued proposal executed once its delay is over. */
  async execute(session: Session, id: string): Promise<RelayedResource> {
    const row = await this.require(id)
    const { state } = await this.present(row)
    if (!(await this.relays.known('proposal-execute', id))) {
      if (state === 'executed') throw new GranaryError('GOVERNOR_UNEXPECTED_PROPOSAL_STATE', { state })
      if (state !== 'queued' || row.queuedFor === null)
        throw new GranaryError('PROPOSAL_NOT_QUEUED', { state })
      if (row.queuedFor > BigInt(this.feed.clock)) throw new GranaryError('PROPOSAL_WAITS')
    }
    return this.relay('proposal-execute', session, row)
  }

  /** As it is now. */
  async present(row: Proposal): Promise<ProposalResource> {
    const clock = this.feed.clock
    return presentProposal(row, {
      deployment: this.chain.deployment,
      words: { token: await this.chain.tokenFacts() },
      clock,
      quorum: row.voteStart < BigInt(clock) ? await this.repository.quorum(row.voteStart) : null,
    })
  }

  /** @throws GranaryError GOVERNOR_NONEXISTENT_PROPOSAL */
  async require(id: string): Promise<Proposal> {
    const row = await this.repository.find(id)
    if (!row) throw new GranaryError('GOVERNOR_NONEXISTENT_PROPOSAL')
    return row
  }

  private async relay(
    kind: 'proposal-queue' | 'proposal-execute',
    session: Session,
    row: Proposal,
  ): Promise<RelayedResource> {
    const calls = callsOf(row)
    const payload = {
      targets: calls.map(({ target }) => target),
      values: calls.map(({ value }) => value.toString()),
      calldatas: calls.map(({ data }) => data),
      descriptionHash: row.descriptionHash,
    }
    if (!(await this.relays.known(kind, row.id))) await this.relays.judge(kind, payload)
    return { relay: await this.relays.enqueue(kind, row.id, session.address, payload) }
  }
}
