import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { Prisma, PrismaClient } from './generated/client.js'

const CONNECTIONS = 4
/** A process that stops within a transaction does not hold up the other replicas for longer. */
const IDLE_IN_TRANSACTION = 'SET idle_in_transaction_session_timeout = 10000'

/**
 * The connection to PostgreSQL, or to PGlite, which speaks its protocol and stops everybody while one transaction is
 * open: inside `write` await nothing but its own queries.
 */
@Injectable()
export class Database extends PrismaClient implements OnModuleDestroy {
  constructor(@Inject(CONFIG) config: Config) {
    const pool = new pg.Pool({
      connectionString: config.DATABASE_URL,
      max: CONNECTIONS,
      connectionTimeoutMillis: 15_000,
      application_name: 'granary-api',
    })
    super({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) })
    pool.on('connect', (client) => void client.query(IDLE_IN_TRANSACTION).catch(() => {}))
    // A connection that breaks while idle is replaced by the next query; without a listener it would end the process.
    pool.on('error', (error) => new Logger('Database').warn(error.message))
  }

  /** All or nothing, serializable; tried again when it collides with another. */
  async write<T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.$transaction(work, {
          isolationLevel: Prisma.TransactionIsolationLevel.Serializable,
          maxWait: 15_000,
          timeout: 30_000,
        })
      } catch (error) {
        const collided = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034'
        if (!collided || attempt === 5) throw error
      }
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect()
  }
}
