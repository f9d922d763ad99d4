import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'

@Injectable()
export class OperationsRepository {
  constructor(private readonly database: Database) {}

  async check(): Promise<void> {
    await this.database.$queryRaw`SELECT 1`
  }

  /** Names of the migrations that were applied. */
  async migrations(): Promise<string[]> {
    const rows = await this.database.$queryRaw<{ migration_name: string }[]>`
      SELECT "migration_name" FROM "_prisma_migrations"
      WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`
    return rows.map((row) => row.migration_name)
  }

  /** Uploads under way and their announced bytes. */
  async uploads(): Promise<{ count: number; bytes: number }> {
    const { _count, _sum } = await this.database.upload.aggregate({
      where: { finished: false },
      _count: true,
      _sum: { size: true },
    })
    return { count: _count, bytes: Number(_sum.size ?? 0) }
  }

  /** Settlements whose document was not read yet. */
  unreadSettlements(): Promise<number> {
    return this.database.settlement.count({ where: { read: false } })
  }

  /** Seconds since the oldest message of each status was taken that is not in a block. */
  async oldestRelays(): Promise<[status: string, seconds: number][]> {
    const rows = await this.database.relay.groupBy({
      by: ['status'],
      where: { status: { in: ['queued', 'sent'] } },
      _min: { createdAt: true },
    })
    const found = new Map(rows.map((row) => [row.status, row._min.createdAt]))
    return ['queued', 'sent'].map((status) => {
      const since = found.get(status)
      return [status, since ? Math.max(0, (Date.now() - since.getTime()) / 1000) : 0]
    })
  }

  /** Messages by what became of them, since the first day. */
  async endedRelays(): Promise<[status: string, count: number][]> {
    const rows = await this.database.relay.groupBy({
      by: ['status'],
      where: { status: { in: ['confirmed', 'refused'] } },
      _count: true,
    })
    const found = new Map(rows.map((row) => [row.status, row._count]))
    return ['confirmed', 'refused'].map((status) => [status, found.get(status) ?? 0])
  }

  /** Numbers of messages queued and sent. */
  async pendingRelays(): Promise<[status: string, count: number][]> {
    const rows = await this.database.relay.groupBy({
      by: ['status'],
      where: { status: { in: ['queued', 'sent'] } },
      _count: true,
    })
    const found = new Map(rows.map((row) => [row.status, row._count]))
    return ['queued', 'sent'].map((status) => [status, found.get(status) ?? 0])
  }
}
