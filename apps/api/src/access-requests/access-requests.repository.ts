import type { REQUEST_STATUSES } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { AccessRequest, Approval, Prisma } from '../database/generated/client.js'

export type RequestStatus = (typeof REQUEST_STATUSES)[number]

/** Requests, answers in ask mode and settled uses, all of them filled by the chain feed. */
@Injectable()
export class AccessRequestsRepository {
  constructor(private readonly database: Database) {}

  find(id: string): Promise<AccessRequest | null> {
    return this.database.accessRequest.findUnique({ where: { id } })
  }

  /** Newest first, those before `before`. */
  list(
    filter: { trainer?: string | undefined; status?: RequestStatus | undefined },
    before: bigint | null,
    take: number,
  ): Promise<AccessRequest[]> {
    return this.database.accessRequest.findMany({
      where: {
        ...(filter.trainer ? { trainer: filter.trainer } : {}),
        ...(filter.status ? whereStatus(filter.status) : {}),
        ...(before === null ? {} : { position: { lt: before } }),
      },
      orderBy: { position: 'desc' },
      take,
    })
  }

  /** Datasets in ask mode among `ids`. */
  asking(ids: string[]): Promise<{ id: string; owner: string }[]> {
    return this.database.$queryRaw`
      SELECT "id", "owner" FROM "Dataset" WHERE "id" = ANY(${ids}) AND "ask" ORDER BY "id" COLLATE "C"`
  }

  approvals(request: string, datasets: string[]): Promise<Approval[]> {
    return this.database.$queryRaw`
      SELECT * FROM "Approval" WHERE "request" = ${request} AND "dataset" = ANY(${datasets})`
  }

  /** Settled uses of a request by ascending dataset id, those after `after`. */
  async uses(request: string, after: string, take: number) {
    return this.database.use.findMany({
      where: { request, dataset: { gt: after } },
      include: { settlement: true },
      orderBy: { dataset: 'asc' },
      take,
    })
  }
}

/** The same rule as `requestStatus`, for the database. */
function whereStatus(status: RequestStatus): Prisma.AccessRequestWhereInput {
  const now = BigInt(Math.floor(Date.now() / 1000))
  if (status === 'refunded') return { isRefunded: true }
  if (status === 'final') return { isRefunded: false, isFinal: true }
  return { isRefunded: false, isFinal: false, expires: status === 'expired' ? { lte: now } : { gt: now } }
}
