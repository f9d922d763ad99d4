import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'

/** Nonces and sessions. */
@Injectable()
export class AuthRepository {
  constructor(private readonly database: Database) {}

  async addNonce(nonce: string, address: string, expiresAt: Date): Promise<void> {
    await this.database.nonce.deleteMany({ where: { expiresAt: { lt: new Date() } } })
    await this.database.nonce.create({ data: { nonce, address, expiresAt } })
  }

  /** Spends the nonce: true exactly once, and only for its address and in time. */
  async spendNonce(nonce: string, address: string): Promise<boolean> {
    const { count } = await this.database.nonce.deleteMany({
      where: { nonce, address, expiresAt: { gt: new Date() } },
    })
    return count === 1
  }

  async addSession(tokenHash: string, address: string, expiresAt: Date): Promise<void> {
    await this.database.session.deleteMany({ where: { expiresAt: { lt: new Date() } } })
    await this.database.session.create({ data: { tokenHash, address, expiresAt } })
  }

  session(tokenHash: string): Promise<{ address: string; expiresAt: Date } | null> {
    return this.database.session.findUnique({ where: { tokenHash } })
  }

  async removeSession(tokenHash: string): Promise<void> {
    await this.database.session.deleteMany({ where: { tokenHash } })
  }
}
