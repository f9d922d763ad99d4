import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma, type Trainer } from '../database/generated/client.js'
import type { TrainerStatus } from './trainer.status.js'

@Injectable()
export class TrainersRepository {
  constructor(private readonly database: Database) {}

  async find(address: string): Promise<Trainer | null> {
    const [row] = await this.database.query<Trainer>(
      Prisma.sql`SELECT * FROM "Trainer" WHERE "address" = ${address}`,
    )
    return row ?? null
  }

  /** When a trainer was approved and revoked, in the chain's order; until when each approval holds, in Unix seconds. */
  async approvals(address: string): Promise<{ time: Date; until: bigint | null }[]> {
    const events = await this.database.chainEvent.findMany({
      where: { account: address, name: { in: ['Approved', 'Revoked'] } },
      orderBy: { position: 'asc' },
    })
    return events.map(({ time, args }) => {
      const { until } = args as { until?: string }
      return { time, until: until === undefined ? null : BigInt(until) }
    })
  }

  /** What a trainer's requests asked for, and what of it was settled. */
  async sums(address: string): Promise<{ requests: number; asked: number; uses: number; paid: string }> {
    const [row] = await this.database.query<{ requests: number; asked: number; uses: number; paid: string }>(
      Prisma.sql`
        SELECT count(*)::int AS "requests", coalesce(sum("count"), 0)::int AS "asked",
          coalesce(sum(div("spent", nullif("price", 0))), 0)::int AS "uses",
          coalesce(sum("spent"), 0)::text AS "paid"
        FROM "AccessRequest" WHERE "trainer" = ${address}`,
    )
    return row ?? { requests: 0, asked: 0, uses: 0, paid: '0' }
  }

  /** By when they first appeared on chain, those after `after`. */
  list(status: TrainerStatus | undefined, after: bigint, take: number): Promise<Trainer[]> {
    return this.database.trainer.findMany({
      where: { position: { gt: after }, ...(status ? whereStatus(status) : {}) },
      orderBy: { position: 'asc' },
      take,
    })
  }
}

/** The same rule as `trainerStatus`, for the database. */
function whereStatus(status: TrainerStatus): Prisma.TrainerWhereInput {
  const now = BigInt(Math.floor(Date.now() / 1000))
  const approved = { suspended: false, revoked: false, approvedUntil: { gte: now } }
  switch (status) {
    case 'suspended':
      return { suspended: true }
    case 'approved':
      return approved
    case 'applied':
      return { suspended: false, applied: true, NOT: approved }
    case 'ended':
      return { suspended: false, applied: false, NOT: approved }
    default:
      return { position: { lt: 0 } }
  }
}
