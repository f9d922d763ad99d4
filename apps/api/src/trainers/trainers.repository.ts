import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { Prisma, Trainer } from '../database/generated/client.js'
import type { TrainerStatus } from './trainer.status.js'

@Injectable()
export class TrainersRepository {
  constructor(private readonly database: Database) {}

  find(address: string): Promise<Trainer | null> {
    return this.database.trainer.findUnique({ where: { address } })
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
