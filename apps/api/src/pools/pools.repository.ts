import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'

@Injectable()
export class PoolsRepository {
  constructor(private readonly database: Database) {}

  /** What the protocol's rules ask of a pool, null when there is none. */
  async state(id: number): Promise<{ closed: boolean; price: string } | null> {
    const [row] = await this.database.query<{ closed: boolean; price: string }>(
      Prisma.sql`SELECT "closed", "price"::text FROM "Pool" WHERE "id" = ${id}`,
    )
    return row ?? null
  }

  /** One pool with what is told of it, null when there is none. */
  async described(id: number): Promise<DescribedPool | null> {
    const [row] = await this.describe(Prisma.sql`p."id" = ${id}`)
    return row ?? null
  }

  /** By ascending number, those after `after`, with what is told of each. */
  list(after: number, take: number): Promise<DescribedPool[]> {
    return this.describe(Prisma.sql`p."id" > ${after} ORDER BY p."id" LIMIT ${take}`)
  }

  private describe(chosen: Prisma.Sql): Promise<DescribedPool[]> {
    return this.database.query(Prisma.sql`
      SELECT p."id", p."terms", p."lowestPrice"::text, p."price"::text, p."closed", m."body" AS "document",
        (SELECT count(*)::int FROM "Dataset" d WHERE d."pool" = p."id" AND NOT d."withdrawn") AS "datasets"
      FROM "Pool" p LEFT JOIN "Document" m ON m."digest" = p."terms"
      WHERE ${chosen}`)
  }
}

/** A pool with its terms, null while they are not here, and how many datasets it has that are not withdrawn. */
export interface DescribedPool {
  id: number
  terms: string
  lowestPrice: string
  price: string
  closed: boolean
  document: unknown
  datasets: number
}
