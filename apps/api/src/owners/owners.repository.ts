import type { EarningsResource, OWNED_ORDERS } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'
import type { DescribedDataset } from '../datasets/datasets.repository.js'

export interface OwnedFilter {
  search?: string | undefined
  status?: 'active' | 'withdrawn' | 'expired' | undefined
  ask?: 'yes' | 'no' | undefined
  pool?: number | undefined
  order: (typeof OWNED_ORDERS)[number]
}

const MOST_SPANS = 400

/** What a list is ordered by; equal ones by their place on the chain, in the same direction. */
const ORDERS: Record<OwnedFilter['order'], { key: Prisma.Sql; ascending: boolean }> = {
  newest: { key: Prisma.sql`d."position"`, ascending: false },
  oldest: { key: Prisma.sql`d."position"`, ascending: true },
  earned: { key: Prisma.sql`coalesce(u."earned", 0)`, ascending: false },
  used: { key: Prisma.sql`coalesce(u."uses", 0)`, ascending: false },
  title: { key: Prisma.sql`lower(coalesce(m."body"->>'title', '')) COLLATE "C"`, ascending: true },
}

/** One account's part of catalogue and settlements; the chain feed fills both. */
@Injectable()
export class OwnersRepository {
  constructor(private readonly database: Database) {}

  /** In the order that is asked for, those after the dataset at the place `after`; each row knows how many there are. */
  datasets(
    owner: string,
    filter: OwnedFilter,
    after: bigint | null,
    take: number,
  ): Promise<(DescribedDataset & { total: number })[]> {
    const { key, ascending } = ORDERS[filter.order]
    const direction = ascending ? Prisma.sql`ASC` : Prisma.sql`DESC`
    const beyond = ascending ? Prisma.sql`>` : Prisma.sql`<`
    const page =
      after === null
        ? Prisma.sql`TRUE`
        : Prisma.sql`("key", "position") ${beyond} (SELECT "key", "position" FROM keyed WHERE "position" = ${after})`
    return this.database.query(Prisma.sql`
      WITH keyed AS (
        SELECT d.*, m."body" AS "document", c."size", coalesce(u."earned", 0)::text AS "earned",
          coalesce(u."uses", 0)::int AS "uses", ${key} AS "key"
        FROM "Dataset" d
          LEFT JOIN "Document" m ON m."digest" = d."metadata"
          LEFT JOIN "Content" c ON c."content" = d."content"
          LEFT JOIN (
            SELECT "dataset", sum("amount") AS "earned", count(*) AS "uses" FROM "Use"
            WHERE "owner" = ${owner} GROUP BY "dataset"
          ) u ON u."dataset" = d."id"
        WHERE d."owner" = ${owner}
      ), chosen AS (SELECT * FROM keyed WHERE ${where(filter)})
      SELECT *, (SELECT count(*)::int FROM chosen) AS "total" FROM chosen WHERE ${page}
      ORDER BY "key" ${direction}, "position" ${direction} LIMIT ${take}`)
  }

  /** Uses of an owner's datasets, or of one of them, newest settlement first, those after the place `before`. */
  uses(
    owner: string,
    dataset: string | null,
    before: { position: bigint; request: string; dataset: string } | null,
    take: number,
  ): Promise<OwnedUseRow[]> {
    const one = dataset === null ? Prisma.empty : Prisma.sql`AND u."dataset" = ${dataset}`
    const place = before
      ? Prisma.sql`AND (s."position", u."request", u."dataset") < (${before.position}, ${before.request}, ${before.dataset})`
      : Prisma.empty
    return this.database.query(Prisma.sql`
      SELECT u."dataset", u."request", u."amount"::text, s."number" AS "settlement", s."effectiveFrom", s."position",
        s."block", s."transaction", s."time", r."trainer", r."purposes", r."transaction" AS "opened",
        d."metadata", m."body" AS "document", t."profile", p."body" AS "profileBody"
      FROM "Use" u JOIN "Settlement" s ON s."sequence" = u."sequence"
        LEFT JOIN "AccessRequest" r ON r."id" = u."request"
        LEFT JOIN "Dataset" d ON d."id" = u."dataset"
        LEFT JOIN "Document" m ON m."digest" = d."metadata"
        LEFT JOIN "Trainer" t ON t."address" = r."trainer"
        LEFT JOIN "Document" p ON p."digest" = t."profile"
      WHERE u."owner" = ${owner} AND s."voided" IS NULL ${one} ${place}
      ORDER BY s."position" DESC, u."request" DESC, u."dataset" DESC LIMIT ${take}`)
  }

  /** Sums by span (UTC), oldest first. */
  earnings(
    owner: string,
    by: 'day' | 'month' | 'year',
    dataset: string | null,
  ): Promise<EarningsResource['items']> {
    const claims =
      dataset === null
        ? Prisma.sql`
          UNION ALL SELECT "time", 0, ("args"->>'amount')::numeric, 0 FROM "ChainEvent"
          WHERE "account" = ${owner} AND "name" = 'Claimed'`
        : Prisma.empty
    const one = dataset === null ? Prisma.empty : Prisma.sql`AND u."dataset" = ${dataset}`
    return this.database.query(Prisma.sql`
      SELECT to_char("span", 'YYYY-MM-DD"T"HH24:MI:SS".000Z"') AS "from", "earned", "claimed", "uses" FROM (
        SELECT date_trunc(${by}, "time") AS "span", sum("earned")::text AS "earned", sum("claimed")::text AS "claimed",
          sum("uses")::int AS "uses"
        FROM (
          SELECT s."time", u."amount" AS "earned", 0 AS "claimed", 1 AS "uses"
          FROM "Use" u JOIN "Settlement" s ON s."sequence" = u."sequence"
          WHERE u."owner" = ${owner} AND s."voided" IS NULL ${one} ${claims}
        ) AS facts GROUP BY 1 ORDER BY 1 DESC LIMIT ${MOST_SPANS}
      ) AS spans ORDER BY "span"`)
  }
}

/** A settled use with what is told of dataset, request and trainer; null where the tables do not have it. */
export interface OwnedUseRow {
  dataset: string
  request: string
  amount: string
  settlement: number
  effectiveFrom: bigint
  position: bigint
  block: bigint
  transaction: string
  time: Date
  trainer: string | null
  purposes: bigint | null
  opened: string | null
  metadata: string | null
  document: unknown
  profile: string | null
  profileBody: unknown
}

function where({ search, status, ask, pool }: OwnedFilter): Prisma.Sql {
  const parts = [Prisma.sql`TRUE`]
  const now = BigInt(Math.floor(Date.now() / 1000))
  const ended = Prisma.sql`("expires" <> 0 AND "expires" <= ${now})`
  if (status === 'withdrawn') parts.push(Prisma.sql`"withdrawn"`)
  if (status === 'expired') parts.push(Prisma.sql`NOT "withdrawn" AND ${ended}`)
  if (status === 'active') parts.push(Prisma.sql`NOT "withdrawn" AND NOT ${ended}`)
  if (ask !== undefined) parts.push(Prisma.sql`"ask" = ${ask === 'yes'}`)
  if (pool !== undefined) parts.push(Prisma.sql`"pool" = ${pool}`)
  const words = search?.trim().toLowerCase()
  if (words) {
    parts.push(Prisma.sql`(
      "id" = ${words} OR position(${words} in lower("document"->>'title')) > 0
      OR position(${words} in lower("document"->>'description')) > 0)`)
  }
  return Prisma.join(parts, ' AND ')
}
