import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { Member, Proposal, Setting, Vote } from '../database/generated/client.js'

const WHOLE_PERCENT = 100n
const before = (seconds: bigint | number) => ({ lte: new Date(Number(seconds) * 1000) })

/** Proposals, votes and members, all of them filled by the chain feed. */
@Injectable()
export class GovernanceRepository {
  constructor(private readonly database: Database) {}

  find(id: string): Promise<Proposal | null> {
    return this.database.proposal.findUnique({ where: { id } })
  }

  /** Newest first, those before `position`. */
  list(position: bigint | null, take: number): Promise<Proposal[]> {
    return this.database.proposal.findMany({
      where: position === null ? {} : { position: { lt: position } },
      orderBy: { position: 'desc' },
      take,
    })
  }

  /** Votes on a proposal, newest first, those before `position`. */
  votes(proposal: string, position: bigint | null, take: number): Promise<Vote[]> {
    return this.database.vote.findMany({
      where: { proposal, ...(position === null ? {} : { position: { lt: position } }) },
      orderBy: { position: 'desc' },
      take,
    })
  }

  vote(proposal: string, voter: string): Promise<Vote | null> {
    return this.database.vote.findUnique({ where: { proposal_voter: { proposal, voter } } })
  }

  /** What for and abstaining must reach together in a vote that began at `seconds`. */
  async quorum(seconds: bigint): Promise<bigint> {
    const time = before(seconds)
    const last = { orderBy: { position: 'desc' } } as const
    const mint = await this.database.mint.findFirst({ where: { time }, ...last })
    const percent = await this.database.setting.findFirst({ where: { name: 'quorumPercent', time }, ...last })
    const least = await this.database.setting.findFirst({ where: { name: 'quorumMinimum' } })
    const part = (BigInt(mint?.supply.toFixed(0) ?? 0) * BigInt(percent?.value ?? 0)) / WHOLE_PERCENT
    const minimum = BigInt(least?.value ?? 0)
    return part > minimum ? part : minimum
  }

  /** The votes that an account had at `seconds`. */
  async votesAt(account: string, seconds: bigint | number): Promise<bigint> {
    const event = await this.database.chainEvent.findFirst({
      where: { account, name: 'DelegateVotesChanged', time: before(seconds) },
      orderBy: { position: 'desc' },
    })
    return BigInt((event?.args as { newVotes?: string } | undefined)?.newVotes ?? 0)
  }

  member(account: string): Promise<Member | null> {
    return this.database.member.findUnique({ where: { account } })
  }

  /** Members whose votes go to `delegate`, itself left out, by address, those after `after`. */
  delegators(delegate: string, after: string, take: number): Promise<Member[]> {
    return this.database.$queryRaw`
      SELECT * FROM "Member" WHERE "delegate" = ${delegate} AND "account" <> ${delegate}
        AND "account" COLLATE "C" > ${after} ORDER BY "account" COLLATE "C" LIMIT ${take}`
  }

  async claimed(account: string): Promise<bigint> {
    const row = await this.database.claimed.findUnique({ where: { account } })
    return BigInt(row?.total.toFixed(0) ?? 0)
  }

  /** The last value of each thing that the DAO decides, of the council one row an account. */
  settings(): Promise<Setting[]> {
    return this.database.$queryRaw`
      SELECT DISTINCT ON ("name", "account") * FROM "Setting" ORDER BY "name", "account", "position" DESC`
  }
}
