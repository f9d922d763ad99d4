import {
  type DaoResource,
  GranaryError,
  type Hex,
  type joinBodySchema,
  type MemberResource,
  messageToJson,
  type RelayedResource,
  structHash,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { FeedService } from '../chain/feed.service.js'
import { Signatures } from '../chain/signatures.js'
import { RelaysService } from '../relays/relays.service.js'
import { GovernanceRepository } from './governance.repository.js'

/** Who has how many votes, how one gets them, and what the DAO has decided. */
@Injectable()
export class MembersService {
  constructor(
    private readonly repository: GovernanceRepository,
    private readonly feed: FeedService,
    private readonly relays: RelaysService,
    private readonly signatures: Signatures,
  ) {}

  async join(
    session: Session,
    { join, signature }: z.output<typeof joinBodySchema>,
  ): Promise<RelayedResource> {
    const by = await this.signatures.check(session, 'Join', join, signature, join.account)
    const payload = { message: messageToJson('Join', join), signature, by }
    const key = structHash('Join', join)
    if (!(await this.relays.known('join', key))) {
      if ((await this.get(join.account)).mintable === '0') throw new GranaryError('NOTHING_TO_MINT')
      await this.relays.judge('join', payload)
    }
    return { relay: await this.relays.enqueue('join', key, session.address, payload) }
  }

  async get(address: Hex, { at }: { at?: string | undefined } = {}): Promise<MemberResource> {
    const row = await this.repository.member(address)
    const grain = BigInt(row?.grain.toFixed(0) ?? 0)
    const claimed = await this.repository.claimed(address)
    return {
      address,
      grain: grain.toString(),
      votes: at
        ? String(await this.repository.votesAt(address, Date.parse(at) / 1000))
        : (row?.votes.toFixed(0) ?? '0'),
      delegate: (row?.delegate ?? null) as Hex | null,
      mintable: (claimed > grain ? claimed - grain : 0n).toString(),
    }
  }

  /** What the DAO has decided, as the chain's events tell. */
  async settings(): Promise<DaoResource> {
    const rows = await this.repository.settings()
    const value = (name: string) => rows.find((row) => row.name === name)?.value
    const number = (name: string) => Number(value(name) ?? 0)
    return {
      votingDelay: number('votingDelay'),
      votingPeriod: number('votingPeriod'),
      threshold: value('threshold') ?? '0',
      quorumPercent: number('quorumPercent'),
      quorumMinimum: value('quorumMinimum') ?? '0',
      timelockDelay: number('timelockDelay'),
      treasuryBps: number('treasuryBps'),
      custodiansBps: number('custodiansBps'),
      window: number('window'),
      guardian: (value('guardian') ?? null) as Hex | null,
      treasury: (value('treasury') ?? null) as Hex | null,
      council: rows
        .filter((row) => row.name === 'council' && row.value === 'true')
        .map((row) => row.account as Hex),
    }
  }

  /** The votes count as they were a second ago, as the Governor reads them. @throws GranaryError GOVERNOR_INSUFFICIENT_PROPOSER_VOTES */
  async requireProposer(account: string): Promise<void> {
    const votes = await this.repository.votesAt(account, this.feed.clock - 1)
    const { threshold } = await this.settings()
    if (votes < BigInt(threshold))
      throw new GranaryError('GOVERNOR_INSUFFICIENT_PROPOSER_VOTES', { votes, needed: threshold })
  }
}
