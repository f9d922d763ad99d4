import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** Real services for one network: the words for `granary up`, and how to clear away what they hold afterwards. */
export interface TestServices {
  args: string[]
  remove(): Promise<void>
}

const EMBEDDED: TestServices = { args: [], remove: async () => {} }

/**
 * What GRANARY_TEST_DATABASE_URL (an account that may create databases) and KUBO_URL say: a new database, and the Kubo
 * node that all networks share. Without them everything is embedded; with only one of them that one is real.
 */
export async function testServices(): Promise<TestServices> {
  const { GRANARY_TEST_DATABASE_URL: server, KUBO_URL: kubo } = process.env
  if (!server && !kubo) return EMBEDDED
  const database = server ? await newDatabase(server) : undefined
  return {
    args: [...(database ? ['--database', database.url] : []), ...(kubo ? ['--kubo', kubo] : [])],
    remove: async () => database?.remove(),
  }
}

/** A new database on a server that lets us make one. */
export async function newDatabase(server: string): Promise<{ url: string; remove(): Promise<void> }> {
  const name = `granary_test_${randomBytes(8).toString('hex')}`
  await run(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

async function run(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
