import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'

/** Nonces and sessions. */
@Injectable()
export class AuthRepository {
  constructor(private readonly database: Database) {}

  /** Also forgets the nonces whose time is over. */
  async addNonce(nonce: string, address: string, expiresAt: Date): Promise<void> {
    await this.database.query(Prisma.sql`
      WITH "over" AS (DELETE FROM "Nonce" WHERE "expiresAt" < ${new Date()})
      INSERT INTO "Nonce" ("nonce", "address", "expiresAt") VALUES (${nonce}, ${address}, ${expiresAt})`)
  }

  /** Spends the nonce: true exactly once, and only for its address and in time. */
  async spendNonce(nonce: string, address: string): Promise<boolean> {
    const spent = await this.database.query(Prisma.sql`
      DELETE FROM "Nonce" WHERE "nonce" = ${nonce} AND "address" = ${address} AND "expiresAt" > ${new Date()}
      RETURNING "nonce"`)
    return spent.length === 1
  }

  /** Also forgets the sessions that have ended. */
  async addSession(tokenHash: string, address: string, expiresAt: Date): Promise<void> {
    await this.database.query(Prisma.sql`
      WITH "over" AS (DELETE FROM "Session" WHERE "expiresAt" < ${new Date()})
      INSERT INTO "Session" ("tokenHash", "address", "expiresAt") VALUES (${tokenHash}, ${address}, ${expiresAt})`)
  }

  async session(tokenHash: string): Promise<{ address: string; expiresAt: Date } | null> {
    const [row] = await this.database.query<{ address: string; expiresAt: Date }>(
      Prisma.sql`SELECT "address", "expiresAt" FROM "Session" WHERE "tokenHash" = ${tokenHash}`,
    )
    return row ?? null
  }

  async removeSession(tokenHash: string): Promise<void> {
    await this.database.session.deleteMany({ where: { tokenHash } })
  }
}
