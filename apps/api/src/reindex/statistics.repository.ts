// The sums by day, counted again from the tables that they are sums of. The database keeps them by triggers; this is what
// they have to come to.
import { Prisma } from '../database/generated/client.js'
import type { TableDifference } from './tables.js'

type Tx = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>

const COUNTED = Prisma.sql`
  SELECT "day", sum("contributors")::int AS "contributors", sum("datasets")::int AS "datasets",
    sum("uses")::int AS "uses", sum("earned") AS "earned", sum("claimed") AS "claimed"
  FROM (
    SELECT "time"::date AS "day", 0 AS "contributors", 1 AS "datasets", 0 AS "uses", 0 AS "earned", 0 AS "claimed"
      FROM "public"."Dataset"
    UNION ALL SELECT f."time"::date, 1, 0, 0, 0, 0 FROM (
      SELECT DISTINCT ON ("owner") "time" FROM "public"."Dataset" ORDER BY "owner", "position") f
    UNION ALL SELECT s."time"::date, 0, 0, 1, u."amount", 0
      FROM "public"."Use" u JOIN "public"."Settlement" s ON s."sequence" = u."sequence"
    UNION ALL SELECT "time"::date, 0, 0, 0, 0, ("args" ->> 'amount')::numeric
      FROM "public"."ChainEvent" WHERE "name" = 'Claimed'
  ) happened GROUP BY "day"`

/** Days on which nothing is left of what once happened count as no row. */
const KEPT = Prisma.sql`
  SELECT * FROM "public"."Statistic"
  WHERE ("contributors", "datasets", "uses", "earned", "claimed") IS DISTINCT FROM (0, 0, 0, 0::numeric, 0::numeric)`

/** How the sums that are kept differ from those of the tables in use, in days. */
export async function statisticDifferences(tx: Tx): Promise<TableDifference> {
  const [row] = await tx.$queryRaw<TableDifference[]>`
    SELECT count(c."day")::int AS "rows",
      count(*) FILTER (WHERE k."day" IS NULL)::int AS "missing",
      count(*) FILTER (WHERE c."day" IS NULL)::int AS "surplus",
      count(*) FILTER (WHERE k."day" IS NOT NULL AND c."day" IS NOT NULL AND
        (k."contributors", k."datasets", k."uses", k."earned", k."claimed") IS DISTINCT FROM
        (c."contributors", c."datasets", c."uses", c."earned", c."claimed"))::int AS "altered"
    FROM (${COUNTED}) c FULL JOIN (${KEPT}) k ON k."day" = c."day"`
  return row as TableDifference
}

/** Counts all of them again. */
export async function countStatistics(tx: Tx): Promise<void> {
  await tx.$executeRaw`DELETE FROM "public"."Statistic"`
  await tx.$executeRaw`
    INSERT INTO "public"."Statistic" ("day", "contributors", "datasets", "uses", "earned", "claimed") ${COUNTED}`
}
