import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'

export interface StatisticRow {
  contributors: number
  datasets: number
  uses: number
  earned: string
  claimed: string
}

const SUMS = Prisma.sql`coalesce(sum("contributors"), 0)::int AS "contributors",
  coalesce(sum("datasets"), 0)::float8 AS "datasets", coalesce(sum("uses"), 0)::float8 AS "uses",
  coalesce(sum("earned"), 0)::text AS "earned", coalesce(sum("claimed"), 0)::text AS "claimed"`

/** What happened by day: one row a day, kept by the database's triggers. */
@Injectable()
export class StatisticsRepository {
  constructor(private readonly database: Database) {}

  /** Sums of all days before `day`, of all days without it. */
  async sums(day: string | null): Promise<StatisticRow> {
    const narrowed = day === null ? Prisma.empty : Prisma.sql`WHERE "day" < ${day}::date`
    const [row] = await this.database.query<StatisticRow>(
      Prisma.sql`SELECT ${SUMS} FROM "Statistic" ${narrowed}`,
    )
    return row as StatisticRow
  }

  /** The days from `from` to `to`, both included, on which something happened. */
  days(from: string, to: string): Promise<(StatisticRow & { day: string })[]> {
    return this.database.query(Prisma.sql`
      SELECT to_char("day", 'YYYY-MM-DD') AS "day", "contributors", "datasets", "uses", "earned"::text, "claimed"::text
      FROM "Statistic" WHERE "day" BETWEEN ${from}::date AND ${to}::date ORDER BY "day"`)
  }
}
