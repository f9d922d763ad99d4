import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { prismaSchema } from '../support/prisma-schema.js'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** The fields of each table in the schema; relations between tables are no fields of their own. */
function tables(schema: string): Record<string, string[]> {
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)]
  const names = models.map(([, name]) => name!)
  return Object.fromEntries(
    models.map(([, name, body]) => {
      const fields = [...body!.matchAll(/^ {2}(\w+)\s+(\w+)/gm)].filter(
        ([, , type]) => !names.includes(type!),
      )
      return [name!, fields.map(([, field]) => field!)]
    }),
  )
}

/** The rows of SECURITY.md's table: first the name, then every field, each in backticks. */
function told(text: string): Record<string, string[]> {
  const section = text.split(/^## /m).find((part) => part.startsWith('What the server knows')) ?? ''
  const rows = [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$/gm)]
  return Object.fromEntries(
    rows.map(([, name, fields]) => [name!, [...fields!.matchAll(/`(\w+)`/g)].map(([, field]) => field!)]),
  )
}

describe('what SECURITY.md says that the server knows', () => {
  const schema = tables(prismaSchema())
  const listed = told(read('SECURITY.md'))

  it('names every table of the database and no other', () => {
    expect(Object.keys(schema).length).toBeGreaterThan(10)
    expect(Object.keys(listed).sort()).toEqual(Object.keys(schema).sort())
  })

  it.each(Object.keys(schema))('names every field of %s', (table) => {
    expect(listed[table]).toEqual(schema[table])
  })
})
