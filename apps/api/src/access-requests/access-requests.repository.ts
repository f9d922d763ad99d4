import type { REQUEST_STATUSES } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { type AccessRequest, type Approval, Prisma } from '../database/generated/client.js'

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

  /** Manifest documents of open requests, in pools in which the owner has datasets in ask mode, that are not here yet. */
  async manifestsMissing(owner: string): Promise<string[]> {
    const rows: { digest: string }[] = await this.database.$queryRaw`
      SELECT DISTINCT r."manifestDocument" AS "digest" FROM "AccessRequest" r
        LEFT JOIN "Document" m ON m."digest" = r."manifestDocument"
      WHERE m."digest" IS NULL AND ${IS_OPEN(now())}
        AND r."pool" IN (SELECT "pool" FROM "Dataset" WHERE "owner" = ${owner} AND "ask")`
    return rows.map(({ digest }) => digest)
  }

  /** What open requests ask of an owner's datasets in ask mode: newest request first, then by dataset. */
  inbox(
    owner: string,
    status: 'pending' | 'granted' | 'refused' | undefined,
    after: { position: bigint; dataset: string } | null,
    take: number,
  ): Promise<InboxRow[]> {
    const answered = status === 'granted'
    const narrowed =
      status === undefined
        ? Prisma.empty
        : status === 'pending'
          ? Prisma.sql`AND a."request" IS NULL`
          : Prisma.sql`AND a."granted" = ${answered}`
    const place = after
      ? Prisma.sql`AND (r."position" < ${after.position}
          OR (r."position" = ${after.position} AND d."id" COLLATE "C" > ${after.dataset}))`
      : Prisma.empty
    return this.database.$queryRaw`
      SELECT r."id" AS "request", r."position", d."id" AS "dataset",
        a."granted", a."block", a."transaction", a."time"
      FROM "AccessRequest" r
        JOIN "Document" m ON m."digest" = r."manifestDocument"
        CROSS JOIN LATERAL jsonb_array_elements_text(
          CASE WHEN jsonb_typeof(m."body"->'datasets') = 'array' THEN m."body"->'datasets' ELSE '[]'::jsonb END
        ) AS asked("id")
        JOIN "Dataset" d ON d."id" = asked."id"
        LEFT JOIN "Approval" a ON a."request" = r."id" AND a."dataset" = d."id"
      WHERE ${IS_OPEN(now())} AND r."pool" = d."pool"
        AND r."pool" IN (SELECT "pool" FROM "Dataset" WHERE "owner" = ${owner} AND "ask")
        AND d."owner" = ${owner} AND d."ask" AND NOT d."withdrawn"
        AND (d."expires" = 0 OR d."expires" > ${now()}) ${narrowed} ${place}
      ORDER BY r."position" DESC, d."id" COLLATE "C" LIMIT ${take}`
  }

  /** Every answer of an owner, newest first, those after `after`; with what the use earned. */
  answers(
    owner: string,
    after: { block: bigint; request: string; dataset: string } | null,
    take: number,
  ): Promise<AnswerRow[]> {
    const place = after
      ? Prisma.sql`AND (a."block" < ${after.block} OR (a."block" = ${after.block} AND
          (a."request" COLLATE "C", a."dataset" COLLATE "C") > (${after.request}, ${after.dataset})))`
      : Prisma.empty
    return this.database.$queryRaw`
      SELECT a."request", a."dataset", a."granted", a."block", a."transaction", a."time", u."amount"::text AS "earned"
      FROM "Dataset" d JOIN "Approval" a ON a."dataset" = d."id"
        LEFT JOIN "Use" u ON u."request" = a."request" AND u."dataset" = a."dataset"
      WHERE d."owner" = ${owner} ${place}
      ORDER BY a."block" DESC, a."request" COLLATE "C", a."dataset" COLLATE "C" LIMIT ${take}`
  }

  findMany(ids: string[]): Promise<AccessRequest[]> {
    return this.database.accessRequest.findMany({ where: { id: { in: ids } } })
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

/** An answer to one dataset of an open request; what is null has not happened. */
export interface InboxRow {
  request: string
  position: bigint
  dataset: string
  granted: boolean | null
  block: bigint | null
  transaction: string | null
  time: Date | null
}

export interface AnswerRow {
  request: string
  dataset: string
  granted: boolean
  block: bigint
  transaction: string
  time: Date
  earned: string | null
}

const now = () => BigInt(Math.floor(Date.now() / 1000))

/** The same rule as `requestStatus`, of a request `r`. */
const IS_OPEN = (time: bigint) => Prisma.sql`NOT r."isRefunded" AND NOT r."isFinal" AND r."expires" > ${time}`

/** The same rule as `requestStatus`, for the database. */
function whereStatus(status: RequestStatus): Prisma.AccessRequestWhereInput {
  const time = now()
  if (status === 'refunded') return { isRefunded: true }
  if (status === 'final') return { isRefunded: false, isFinal: true }
  return { isRefunded: false, isFinal: false, expires: status === 'expired' ? { lte: time } : { gt: time } }
}
