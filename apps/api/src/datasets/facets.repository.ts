import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'
import { type DatasetFilter, FORMAT, SIZE, source, where } from './search.repository.js'

export interface FacetRow {
  facet: 'total' | 'pool' | 'purposes' | 'format' | 'ask' | 'size'
  /** A pool's number, a map of purposes, a format, `yes` or `no`, a place in the list of sizes. */
  value: string
  count: number
}

/** Counts of the catalogue. Each looks at a bounded number of datasets, so none takes longer the more there are. */
@Injectable()
export class FacetsRepository {
  constructor(private readonly database: Database) {}

  /** `steps`: where one range of sizes ends and the next begins, ascending. */
  count(filter: DatasetFilter, steps: readonly number[], limit: number): Promise<FacetRow[]> {
    const of = (
      facet: FacetRow['facet'],
      value: Prisma.Sql,
      ...leftOut: (keyof DatasetFilter)[]
    ) => Prisma.sql`
      SELECT ${facet} AS "facet", "value"::text, count(*)::int AS "count" FROM (
        SELECT ${value} AS "value" FROM ${source(filter, facet === 'format' || facet === 'size')}
        WHERE ${where(filter, ...leftOut)} LIMIT ${limit}
      ) AS counted GROUP BY "value"`
    const ask = Prisma.sql`CASE WHEN d."ask" THEN 'yes' ELSE 'no' END`
    const size = Prisma.sql`width_bucket(${SIZE}, ${[...steps]}::numeric[])`
    return this.database.query(
      Prisma.join(
        [
          of('total', Prisma.sql`0`),
          of('pool', Prisma.sql`d."pool"`, 'pool'),
          of('purposes', Prisma.sql`d."purposes"`),
          of('format', FORMAT, 'formats'),
          of('ask', ask, 'ask'),
          of('size', size, 'minSize', 'maxSize'),
        ],
        ' UNION ALL ',
      ),
    )
  }
}
