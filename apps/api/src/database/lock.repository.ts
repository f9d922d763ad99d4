import { Injectable } from '@nestjs/common'
import { Database } from './database.js'
import { Prisma } from './generated/client.js'

const SECONDS = 5

/** Locks that expire: who stops renewing one loses it within five seconds. */
@Injectable()
export class LockRepository {
  constructor(private readonly database: Database) {}

  /** Takes a lock that nobody has or whose holder has not renewed it; else asks its holder to stop. */
  async take(name: string, holder: string): Promise<boolean> {
    const taken = await this.database.query(Prisma.sql`
      INSERT INTO "Lock" ("name", "holder", "until")
      VALUES (${name}, ${holder}, now() at time zone 'utc' + ${SECONDS} * interval '1 second')
      ON CONFLICT ("name") DO UPDATE SET "holder" = EXCLUDED."holder", "until" = EXCLUDED."until", "wanted" = NULL
      WHERE "Lock"."until" < now() at time zone 'utc' RETURNING "name"`)
    if (taken.length === 1) return true
    await this.database.lock.updateMany({ where: { name }, data: { wanted: holder } })
    return false
  }

  /** Keeps a lock for another five seconds; whether it is still held, and nobody else wants it. */
  async renew(name: string, holder: string): Promise<boolean> {
    const rows = await this.database.$queryRaw<{ wanted: string | null }[]>`
      UPDATE "Lock" SET "until" = now() at time zone 'utc' + ${SECONDS} * interval '1 second'
      WHERE "name" = ${name} AND "holder" = ${holder} RETURNING "wanted"`
    return rows.length === 1 && rows[0]?.wanted === null
  }

  async release(name: string, holder: string): Promise<void> {
    await this.database.query(Prisma.sql`DELETE FROM "Lock" WHERE "name" = ${name} AND "holder" = ${holder}`)
  }
}
