import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { type PasskeyBackup, Prisma } from '../database/generated/client.js'

/** Sealed recovery keys of accounts. */
@Injectable()
export class PasskeyBackupsRepository {
  constructor(private readonly database: Database) {}

  /** The account's, newest first. */
  list(account: string): Promise<PasskeyBackup[]> {
    return this.database.passkeyBackup.findMany({ where: { account }, orderBy: { keptAt: 'desc' } })
  }

  /** Whether the account ever registered a dataset. */
  async hasDataset(account: string): Promise<boolean> {
    const found = await this.database.query(
      Prisma.sql`SELECT 1 FROM "Dataset" WHERE "owner" = ${account} LIMIT 1`,
    )
    return found.length > 0
  }

  /**
   * Keeps it in place of the one of the same passkey; null, and nothing is kept, when it would be one too many. Those that
   * come for an account at once wait for each other.
   */
  keep(given: PasskeyBackup, most: number): Promise<PasskeyBackup | null> {
    const { id, account, credential, ...rest } = given
    return this.database.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`passkeys of ${account}`}, 0))`
      const others = await tx.passkeyBackup.count({ where: { account, credential: { not: credential } } })
      if (others >= most) return null
      return tx.passkeyBackup.upsert({
        where: { account_credential: { account, credential } },
        create: given,
        update: rest,
      })
    })
  }

  /** False when the account has none of this id. */
  async remove(account: string, id: string): Promise<boolean> {
    const { count } = await this.database.passkeyBackup.deleteMany({ where: { account, id } })
    return count === 1
  }
}
