import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Database } from './database.js'

const SECONDS = 5

/** Leases: of all replicas, one at a time runs a loop. A lease not renewed within five seconds is anybody's. */
@Injectable()
export class LeaseRepository {
  private readonly holder = randomUUID()

  constructor(private readonly database: Database) {}

  /** Takes or renews the lease; false while another replica has it. */
  async hold(name: string): Promise<boolean> {
    const changed = await this.database.$executeRaw`
      INSERT INTO ${this.database.table('Lease')} AS held ("name", "holder", "until")
      VALUES (${name}, ${this.holder}, now() at time zone 'utc' + ${SECONDS} * interval '1 second')
      ON CONFLICT ("name") DO UPDATE SET "holder" = EXCLUDED."holder", "until" = EXCLUDED."until"
      WHERE held."holder" = EXCLUDED."holder" OR held."until" < now() at time zone 'utc'`
    return changed === 1
  }

  /** Takes the lease from whoever has it; they notice when they renew it. */
  async take(name: string): Promise<void> {
    await this.database.$executeRaw`
      INSERT INTO ${this.database.table('Lease')} AS held ("name", "holder", "until")
      VALUES (${name}, ${this.holder}, now() at time zone 'utc' + ${SECONDS} * interval '1 second')
      ON CONFLICT ("name") DO UPDATE SET "holder" = EXCLUDED."holder", "until" = EXCLUDED."until"`
  }

  /** Gives the lease up, so that the next holder need not wait. */
  async release(name: string): Promise<void> {
    await this.database.lease.deleteMany({ where: { name, holder: this.holder } })
  }
}
