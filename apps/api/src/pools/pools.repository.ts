import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { Pool } from '../database/generated/client.js'

@Injectable()
export class PoolsRepository {
  constructor(private readonly database: Database) {}

  find(id: number): Promise<Pool | null> {
    return this.database.pool.findUnique({ where: { id } })
  }

  list(after: number, take: number): Promise<Pool[]> {
    return this.database.pool.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take })
  }

  /** Datasets that are not withdrawn, by pool. */
  async counts(pools: number[]): Promise<Map<number, number>> {
    const rows = await this.database.dataset.groupBy({
      by: ['pool'],
      where: { pool: { in: pools }, withdrawn: false },
      _count: true,
    })
    return new Map(rows.map((row) => [row.pool, row._count]))
  }
}
