import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'

/** One movement; `call` is the calldata of a payment. */
export interface MovementRow {
  kind: 'earned' | 'claimed' | 'paid'
  position: bigint
  block: bigint
  transaction: string
  time: Date
  amount: string | null
  settlement: number | null
  proposal: string | null
  call: string | null
}

/** A transfer's selector, `transfer(address,uint256)`. */
const TRANSFER = '0xa9059cbb'

/** What came to an account by settlements and claims, and what proposals paid from it. */
@Injectable()
export class TreasuryRepository {
  constructor(private readonly database: Database) {}

  /** What the newest settlement in effect at `time` (Unix seconds) says the account has ever earned. */
  async earned(account: string, time: number): Promise<bigint> {
    const [row] = await this.database.query<{ total: string }>(Prisma.sql`
      SELECT l."total"::text FROM "Leaf" l JOIN "Settlement" s ON s."sequence" = l."sequence"
      WHERE l."account" = ${account} AND s."voided" IS NULL AND s."effectiveFrom" <= ${time}
      ORDER BY l."sequence" DESC LIMIT 1`)
    return BigInt(row?.total ?? 0)
  }

  async claimed(account: string): Promise<bigint> {
    const row = await this.database.claimed.findUnique({ where: { account } })
    return BigInt(row?.total.toFixed(0) ?? 0)
  }

  /**
   * Newest first, those before `position`: settlements that changed the account's total, its claims, and, where `token`
   * is given, transfers of it in proposals that were carried out. Of each kind as many as asked for, so that a page never
   * reads more than three times what it shows.
   */
  movements(
    account: string,
    token: string | null,
    before: { position: bigint; place: number } | null,
    take: number,
  ): Promise<(MovementRow & { place: number })[]> {
    const earlier = (column: Prisma.Sql, place: Prisma.Sql) =>
      before
        ? Prisma.sql`AND (${column} < ${before.position} OR (${column} = ${before.position} AND ${place} > ${before.place}))`
        : Prisma.empty
    const first = Prisma.sql`0`
    const paid =
      token === null
        ? Prisma.empty
        : Prisma.sql`UNION ALL (
          SELECT 'paid' AS "kind", e."position", e."block", e."transaction", e."time", NULL::text AS "amount",
            NULL::int AS "settlement", p."id" AS "proposal", c.call ->> 'data' AS "call", c.place::int AS "place"
          FROM "Proposal" p
            JOIN LATERAL (SELECT * FROM "ChainEvent" e WHERE e."proposal" IN (p."id", p."operation")
              AND e."name" IN ('ProposalExecuted', 'CallExecuted') ORDER BY e."position" LIMIT 1) e ON true
            CROSS JOIN LATERAL jsonb_array_elements(p."calls") WITH ORDINALITY AS c(call, place)
          WHERE p."executed" AND lower(c.call ->> 'target') = lower(${token})
            AND left(c.call ->> 'data', 10) = ${TRANSFER} ${earlier(Prisma.sql`e."position"`, Prisma.sql`c.place`)}
          ORDER BY e."position" DESC, c.place LIMIT ${take})`
    return this.database.query(Prisma.sql`
      (SELECT 'earned' AS "kind", s."position", s."block", s."transaction", s."time",
          (l."total" - coalesce((SELECT b."total" FROM "Leaf" b WHERE b."account" = l."account"
            AND b."sequence" < l."sequence" ORDER BY b."sequence" DESC LIMIT 1), 0))::text AS "amount",
          s."number" AS "settlement", NULL::text AS "proposal", NULL::text AS "call", 0 AS "place"
        FROM "Leaf" l JOIN "Settlement" s ON s."sequence" = l."sequence"
        WHERE l."account" = ${account} ${earlier(Prisma.sql`s."position"`, first)}
        ORDER BY s."position" DESC LIMIT ${take})
      UNION ALL (SELECT 'claimed', "position", "block", "transaction", "time", "args" ->> 'amount', NULL, NULL, NULL, 0
        FROM "ChainEvent" WHERE "account" = ${account} AND "name" = 'Claimed' ${earlier(Prisma.sql`"position"`, first)}
        ORDER BY "position" DESC LIMIT ${take})
      ${paid}
      ORDER BY "position" DESC, "place" LIMIT ${take}`)
  }
}
