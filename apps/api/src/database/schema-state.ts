import { GranaryError } from '@granary/protocol'
import pg from 'pg'
import { applyMigrations, readMigrations } from './migrate.js'

/** Any number, as long as no other program takes the same lock in this database. */
const LOCK = 4_280_001
/** A migration that takes away what older programs use says so in its name. */
const CONTRACT = /^\d{14}_contract_/

/**
 * Whether a program with the migrations `known` can use a database with those `applied`. Newer ones only add, so older
 * programs go on beside them; those named `_contract_` take away what programs without them may use.
 *
 * @throws GranaryError MIGRATIONS_MISSING, DATABASE_TOO_NEW, each with the names in `migrations`
 */
export function judgeSchema(known: readonly string[], applied: readonly string[]): void {
  const missing = known.filter((name) => !applied.includes(name))
  const beyond = applied.filter((name) => CONTRACT.test(name) && !known.includes(name))
  const fault = (code: 'MIGRATIONS_MISSING' | 'DATABASE_TOO_NEW', migrations: string[]) =>
    new GranaryError(code, `${code}: ${migrations.join(', ')}`, { detail: { migrations } })
  if (beyond.length > 0) throw fault('DATABASE_TOO_NEW', beyond)
  if (missing.length > 0) throw fault('MIGRATIONS_MISSING', missing)
}

/** The names of the migrations in a folder. */
export async function knownMigrations(folder: string): Promise<string[]> {
  return (await readMigrations(folder)).map(({ name }) => name)
}

/**
 * Applies what the database lacks, one program at a time: whoever comes second waits and finds nothing to do. Returns
 * the names of what was applied.
 *
 * @throws GranaryError DATABASE_UNAVAILABLE; DATABASE_TOO_NEW before anything is changed
 */
export async function migrateDatabase(databaseUrl: string, folder: string): Promise<string[]> {
  const known = await knownMigrations(folder)
  return withClient(databaseUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    const applied = await appliedIn(client)
    judgeSchema(
      [],
      applied.filter((name) => !known.includes(name)),
    )
    return known.every((name) => applied.includes(name)) ? [] : applyMigrations(databaseUrl, folder)
  })
}

/** @throws GranaryError DATABASE_UNAVAILABLE, MIGRATIONS_MISSING, DATABASE_TOO_NEW */
export async function requireSchema(databaseUrl: string, folder: string): Promise<void> {
  const known = await knownMigrations(folder)
  judgeSchema(known, await withClient(databaseUrl, appliedIn))
}

async function appliedIn(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query(`SELECT to_regclass('_prisma_migrations') AS name`)
  if (tables[0]?.name === null) return []
  const { rows } = await client.query(APPLIED)
  return rows.map((row: { migration_name: string }) => row.migration_name)
}

const APPLIED =
  'SELECT "migration_name" FROM "_prisma_migrations" WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL'

/** Ending the connection gives the lock back, too. @throws GranaryError DATABASE_UNAVAILABLE */
async function withClient<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 15_000 })
  // A connection that breaks says so to its query; if nobody listened as well, it would end the process.
  client.on('error', () => {})
  await client.connect().catch((cause: Error & { code?: string }) => {
    const text = `the database of DATABASE_URL does not let us in: ${cause.message || cause.code}`
    throw new GranaryError('DATABASE_UNAVAILABLE', text, { cause })
  })
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
