import { createHash } from 'node:crypto'
import { GranaryError } from '@granary/protocol'
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { Prisma, PrismaClient } from './generated/client.js'

const CONNECTIONS = 4
/** A process that stops within a transaction does not hold up the other replicas for longer. */
const IDLE_IN_TRANSACTION = 'SET idle_in_transaction_session_timeout = 10000'

const { builtins } = pg.types
/** Columns as Prisma gives them; only `numeric` stays text. Times are UTC, without saying so. */
const PARSERS: Partial<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: BigInt,
  [builtins.TIMESTAMP]: (text) => new Date(`${text.replace(' ', 'T')}Z`),
}
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'text' || format === undefined ? PARSERS[oid] : undefined) ??
    pg.types.getTypeParser(oid, format),
}
const SCHEMA = 'public'
/** How long a whole table may take to be compared and put right. */
const LONG_MS = 6 * 3_600_000

/**
 * The connection to PostgreSQL, or to PGlite, which speaks its protocol and stops everybody while one transaction is
 * open: inside `write` await nothing but its own queries.
 */
@Injectable()
export class Database extends PrismaClient implements OnModuleDestroy {
  private readonly connections: pg.Pool
  private readonly schema: string

  constructor(@Inject(CONFIG) config: Config) {
    const pool = new pg.Pool({
      connectionString: config.DATABASE_URL,
      max: CONNECTIONS,
      connectionTimeoutMillis: 15_000,
      application_name: 'granary-api',
      onConnect: (client) => client.query(IDLE_IN_TRANSACTION),
    })
    const schema = config.schema ?? SCHEMA
    super({
      adapter: new PrismaPg(pool, { disposeExternalPool: true, schema }),
      queryPlanCacheMaxSize: config.QUERY_PLANS,
    })
    this.schema = schema
    this.connections = pool
    // A connection that breaks while idle is replaced by the next query; without a listener it would end the process.
    pool.on('error', (error) => new Logger('Database').warn(error.message))
  }

  /**
   * The rows of a statement of one's own on the same connections, past Prisma's engine, which takes longer over a page
   * than PostgreSQL does: for what is asked most. `bigint` and times come as in the models, `numeric` as text.
   *
   * @throws GranaryError DATABASE_UNAVAILABLE
   */
  async query<Row>(statement: Prisma.Sql): Promise<Row[]> {
    try {
      return (await this.connections.query(asQuery(statement))).rows as Row[]
    } catch (error) {
      throw asFault(error)
    }
  }

  /**
   * As `query`, but statements that name one of the same `turns` run one after the other, on whichever replica, and each
   * sees what those before it wrote.
   *
   * @throws GranaryError DATABASE_UNAVAILABLE
   */
  async inTurn<Row>(turns: readonly string[], statement: Prisma.Sql): Promise<Row[]> {
    let client: pg.PoolClient | undefined
    try {
      client = await this.connections.connect()
      // A connection that breaks says so to its query, and to whoever listens; if nobody did, it would end the process.
      client.on('error', ignore)
      // A transaction's locks go with it, also when this process does.
      await client.query(['BEGIN', ...turns.map(lock)].join(';'))
      const { rows } = await client.query(asQuery(statement))
      await client.query('COMMIT')
      client.removeListener('error', ignore)
      client.release()
      return rows as Row[]
    } catch (error) {
      client?.release(true)
      throw asFault(error)
    }
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

  /** All or nothing for whole tables: what others write meanwhile is not seen, and only the same rows collide. */
  async writeTables<T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
    const isolationLevel = Prisma.TransactionIsolationLevel.RepeatableRead
    return this.$transaction(work, { isolationLevel, maxWait: 15_000, timeout: LONG_MS })
  }

  /** A table's name for SQL of one's own. */
  table(name: string): Prisma.Sql {
    return Prisma.raw(`"${this.schema}"."${name}"`)
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect()
  }
}

const ignore = () => {}

function asQuery(statement: Prisma.Sql): pg.QueryConfig {
  const values = statement.values.map((value) => (value instanceof Date ? value.toISOString() : value))
  return { text: statement.text, values, types }
}

/** What PostgreSQL itself refuses is a fault of the query, unless it is going down (class 57) or was lost (08). */
function asFault(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && !/^(08|57)/.test(error.code ?? '')) return error
  return new GranaryError('DATABASE_UNAVAILABLE', undefined, { cause: error })
}

/** Takes an advisory lock for the rest of a transaction, its number made of its name. */
function lock(name: string): string {
  return `SELECT pg_advisory_xact_lock(${createHash('sha256').update(name).digest().readBigInt64BE()})`
}
