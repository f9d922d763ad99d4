import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { schemaSql } from '../../apps/api/src/database/migrate.js'
import { withDatabase } from '../support/tables.js'
import { sharedWorld } from '../support/world.js'

// Migrations are written by hand from what `prisma/print-schema.mjs` prints: here is seen that they made those tables.

const PRISMA = new URL('../../prisma/', import.meta.url).pathname
const TABLES = `table_schema = $1 AND table_name NOT LIKE '\\_prisma%'`

const world = sharedWorld()
const drawn = `drawn_${randomBytes(6).toString('hex')}`
let made: Shape
let wanted: Shape

interface Shape {
  columns: string[]
  indexes: string[]
  references: string[]
}

/** What a schema of the database holds, a line each. */
async function shapeOf(client: pg.Client, schema: string): Promise<Shape> {
  const lines = async (query: string) =>
    (await client.query(query, [schema])).rows.map(({ line }) => String(line).replaceAll(schema, 'x')).sort()
  return {
    columns:
      await lines(`SELECT concat_ws(' ', table_name, column_name, data_type, udt_name, numeric_precision,
      numeric_scale, is_nullable, column_default) AS line FROM information_schema.columns WHERE ${TABLES}`),
    indexes: await lines(`SELECT indexdef AS line FROM pg_indexes
      WHERE schemaname = $1 AND tablename NOT LIKE '\\_prisma%'`),
    references:
      await lines(`SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line
      FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype = 'f'`),
  }
}

beforeAll(async () => {
  const url = world.facts.databaseUrl
  const text = await schemaSql(url, PRISMA)
  await withDatabase(url, async (client) => {
    made = await shapeOf(client, 'public')
    await client.query(`CREATE SCHEMA "${drawn}"`)
    await client.query(`SET search_path TO "${drawn}"`)
    await client.query(text)
    wanted = await shapeOf(client, drawn)
  })
})
afterAll(() =>
  withDatabase(world.facts.databaseUrl, (client) => client.query(`DROP SCHEMA "${drawn}" CASCADE`)),
)

describe('the migrations', () => {
  it('make the columns that prisma/*.prisma names, and no other', () => {
    expect(wanted.columns.length).toBeGreaterThan(200)
    expect(made.columns).toEqual(wanted.columns)
  })

  it('make its indexes, and beside them only partial ones, which Prisma has no words for', () => {
    expect(wanted.indexes.length).toBeGreaterThan(50)
    expect(made.indexes.filter((index) => !/ WHERE /.test(index))).toEqual(wanted.indexes)
  })

  it('make its references', () => {
    expect(made.references).toEqual(wanted.references)
  })
})
