import pg from 'pg'
import { REBUILT } from '../../apps/api/src/reindex/tables.js'

/** Every row of every table that is made from chain and IPFS, less the columns that are only in this database. */
export async function dumpTables(url: string): Promise<Record<string, unknown[]>> {
  return withDatabase(url, async (client) => {
    const dump: Record<string, unknown[]> = {}
    for (const { name, onlyHere } of REBUILT) {
      const { rows } = await client.query(`SELECT to_jsonb(t) AS row FROM "${name}" t`)
      dump[name] = rows
        .map(({ row }) => JSON.stringify(row, (key, value) => (onlyHere.includes(key) ? undefined : value)))
        .sort()
    }
    return dump
  })
}

export async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export const sql = (url: string, text: string): Promise<Record<string, unknown>[]> =>
  withDatabase(url, async (client) => (await client.query(text)).rows)
