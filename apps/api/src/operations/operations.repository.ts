import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'

@Injectable()
export class OperationsRepository {
  constructor(private readonly database: Database) {}

  async check(): Promise<void> {
    await this.database.$queryRaw`SELECT 1`
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
