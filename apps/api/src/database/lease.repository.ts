import { randomUUID } from 'node:crypto'
import { GranaryError } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { Database } from './database.js'
import { Prisma } from './generated/client.js'

export type LeaseName = 'feed' | 'relayer' | 'reindex' | 'keeper' | 'copier' | 'eraser'

/** A lease is kept alive through work that takes longer than it lasts, but not for ever: a step that hangs loses it. */
const LONGEST_WORK_MS = 60_000

/**
 * Leases: of all replicas, one at a time runs a loop. A lease not renewed within LEASE_SECONDS is anybody's, and whoever
 * had it writes nothing more: every write asks within its transaction whether the lease is still held.
 */
@Injectable()
export class LeaseRepository {
  private readonly holder = randomUUID()
  private readonly seconds: number

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
  ) {
    this.seconds = config.LEASE_SECONDS
  }

  /** Takes or renews the lease; false while another replica has it. */
  async hold(name: LeaseName): Promise<boolean> {
    const held = await this.database.query(Prisma.sql`
      INSERT INTO ${this.database.table('Lease')} AS held ("name", "holder", "until")
      VALUES (${name}, ${this.holder}, now() at time zone 'utc' + ${this.seconds} * interval '1 second')
      ON CONFLICT ("name") DO UPDATE SET "holder" = EXCLUDED."holder", "until" = EXCLUDED."until"
      WHERE held."holder" = EXCLUDED."holder" OR held."until" < now() at time zone 'utc' RETURNING "name"`)
    return held.length === 1
  }

  /** Takes the lease from whoever has it; they notice when they renew it. */
  async take(name: LeaseName): Promise<void> {
    await this.database.$executeRaw`
      INSERT INTO ${this.database.table('Lease')} AS held ("name", "holder", "until")
      VALUES (${name}, ${this.holder}, now() at time zone 'utc' + ${this.seconds} * interval '1 second')
      ON CONFLICT ("name") DO UPDATE SET "holder" = EXCLUDED."holder", "until" = EXCLUDED."until"`
  }

  /** Does `work` and renews the lease meanwhile. */
  async keep<T>(name: LeaseName, work: () => Promise<T>): Promise<T> {
    const until = Date.now() + LONGEST_WORK_MS
    const timer = setInterval(
      () => {
        if (Date.now() < until) this.hold(name).catch(() => {})
      },
      (this.seconds * 1000) / 3,
    )
    try {
      return await work()
    } finally {
      clearInterval(timer)
    }
  }

  /** All or nothing, and nothing once the lease is another's. @throws GranaryError LEASE_LOST */
  write<T>(name: LeaseName, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    return this.database.write(async (tx) => {
      const held = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM ${this.database.table('Lease')} WHERE "name" = ${name} AND "holder" = ${this.holder}
        AND "until" >= clock_timestamp() at time zone 'utc'`
      if (held.length === 0) throw new GranaryError('LEASE_LOST')
      return work(tx)
    })
  }

  /** What the holder of a lease has to say, null for nothing. */
  async say(name: LeaseName, note: string | null): Promise<void> {
    await this.database.lease.updateMany({ where: { name, holder: this.holder }, data: { note } })
  }

  /** What the holder last said. */
  async said(name: LeaseName): Promise<string | null> {
    const [lease] = await this.database.query<{ note: string | null }>(
      Prisma.sql`SELECT "note" FROM ${this.database.table('Lease')} WHERE "name" = ${name}`,
    )
    return lease?.note ?? null
  }

  /** Gives the lease up, so that the next holder need not wait. */
  async release(name: LeaseName): Promise<void> {
    await this.database.lease.deleteMany({ where: { name, holder: this.holder } })
  }
}
