import type { DatasetOrder } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { type Content, type Dataset, Prisma } from '../database/generated/client.js'
import {
  after,
  type DatasetFilter,
  ORDERS,
  type Place,
  SORT_SIZE,
  source,
  where,
} from './search.repository.js'

/** Events `e` that say again that a dataset is withdrawn: registries of before did so as often as anybody sent it. */
const REPEATED = Prisma.sql`(e."name" = 'Withdrawn' AND EXISTS (SELECT 1 FROM "ChainEvent" f
  WHERE f."dataset" = e."dataset" AND f."name" = 'Withdrawn' AND f."position" < e."position"))`

/** The catalogue, which the chain feed fills. */
@Injectable()
export class DatasetsRepository {
  constructor(private readonly database: Database) {}

  async find(id: string): Promise<Dataset | null> {
    const [row] = await this.database.query<Dataset>(
      Prisma.sql`SELECT * FROM ${this.database.table('Dataset')} WHERE "id" = ${id}`,
    )
    return row ?? null
  }

  findMany(ids: string[]): Promise<Dataset[]> {
    return this.database.$queryRaw`SELECT * FROM "Dataset" WHERE "id" = ANY(${ids})`
  }

  /** One dataset with what is told of it, null when there is none. */
  async described(id: string): Promise<DescribedDataset | null> {
    const one = Prisma.sql`SELECT d.*, 0 AS "plain" FROM "Dataset" d WHERE d."id" = ${id}`
    const [row] = await this.describe(one, ORDERS.newest)
    return row ?? null
  }

  /** In an order, those after a place, with what is told of each. */
  list(
    filter: DatasetFilter,
    order: DatasetOrder,
    place: Place | null,
    take: number,
  ): Promise<DescribedDataset[]> {
    const bySize = order === 'largest' || order === 'smallest'
    const plain = bySize ? SORT_SIZE : Prisma.sql`0`
    const chosen = Prisma.sql`SELECT d.*, ${plain} AS "plain" FROM ${source(filter, bySize)}
      WHERE ${where(filter)} ${after(order, place)} ORDER BY ${ORDERS[order]} LIMIT ${take}`
    return this.describe(chosen, ORDERS[order])
  }

  /** Ids and owners of everything in a pool that allows a use now, by ascending id. */
  eligible(
    filter: Pick<DatasetFilter, 'pool' | 'allowing'>,
    ids: string[] | undefined,
    take: number,
  ): Promise<{ id: `0x${string}`; owner: string }[]> {
    return this.database.query(Prisma.sql`
      SELECT d."id", d."owner" FROM "Dataset" d WHERE ${where(filter)}
      ${ids ? Prisma.sql`AND d."id" = ANY(${ids})` : Prisma.empty}
      ORDER BY d."id" COLLATE "C" LIMIT ${take}`)
  }

  content(content: string): Promise<{ cid: string; rawRoot: boolean; size: bigint } | null> {
    return this.database.content.findUnique({ where: { content } })
  }

  /** A sealed file that is about to be contributed: from now on it is kept for another while. Null when it is not here. */
  async wantContent(content: string): Promise<Content | null> {
    const [row] = await this.database.query<Content>(Prisma.sql`
      UPDATE "Content" SET "wantedAt" = ${new Date()} WHERE "content" = ${content} RETURNING *`)
    return row ?? null
  }

  async addContent(content: string, cid: string, rawRoot: boolean, size: number): Promise<void> {
    await this.database.content.createMany({
      data: [{ content, cid, rawRoot, size: BigInt(size) }],
      skipDuplicates: true,
    })
  }

  /** What happened to a dataset, newest first: its events, and its settled uses at their settlement's place. */
  history(id: string, before: { position: bigint; key: string } | null, take: number): Promise<HistoryRow[]> {
    return this.database.$queryRaw`
      SELECT * FROM (
        SELECT e."position", '' AS "key", e."name", e."block", e."transaction", e."time", e."args",
          e."request", NULL::text AS "trainer", NULL::bigint AS "purposes", NULL::text AS "amount", NULL::int AS "number"
        FROM "ChainEvent" e WHERE e."dataset" = ${id} AND NOT ${REPEATED}
        UNION ALL
        SELECT s."position", u."request" AS "key", 'Released', s."block", s."transaction", s."time", NULL::jsonb,
          u."request", r."trainer", r."purposes", u."amount"::text, s."number"
        FROM "Use" u JOIN "Settlement" s ON s."sequence" = u."sequence"
          LEFT JOIN "AccessRequest" r ON r."id" = u."request" WHERE u."dataset" = ${id}
      ) AS h
      WHERE ${before ? Prisma.sql`("position", "key") < (${before.position}, ${before.key})` : Prisma.sql`TRUE`}
      ORDER BY "position" DESC, "key" DESC LIMIT ${take}`
  }

  /** Everything that a list shows of its datasets, in one query. */
  private describe(chosen: Prisma.Sql, order: Prisma.Sql): Promise<DescribedDataset[]> {
    return this.database.query(Prisma.sql`
      SELECT d.*, m."body" AS "document", c."size", u."earned", u."uses"
      FROM (${chosen}) d
        LEFT JOIN "Document" m ON m."digest" = d."metadata"
        LEFT JOIN "Content" c ON c."content" = d."content"
        LEFT JOIN LATERAL (
          SELECT coalesce(sum("amount"), 0)::text AS "earned", count(*)::int AS "uses"
          FROM "Use" WHERE "dataset" = d."id"
        ) u ON TRUE
      ORDER BY ${order}`)
  }
}

/**
 * A dataset with its document and the size of its sealed file, null while they are not here, and what it earned its
 * owner, by how many uses.
 */
export interface DescribedDataset extends Dataset {
  document: unknown
  size: bigint | null
  /** The plaintext's size, as text, where the list goes by sizes. */
  plain: string
  earned: string
  uses: number
}

export interface HistoryRow {
  position: bigint
  key: string
  name: string
  block: bigint
  transaction: string
  time: Date
  args: Record<string, string | boolean> | null
  request: string | null
  trainer: string | null
  purposes: bigint | null
  amount: string | null
  number: number | null
}
