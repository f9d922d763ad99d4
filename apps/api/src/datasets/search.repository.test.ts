import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { FORMAT, SIZE, WORDS } from './search.repository.js'

const migration = (name: string) =>
  readFileSync(new URL(`../../../../prisma/migrations/${name}/migration.sql`, import.meta.url), 'utf8')
const bare = (sql: string) => sql.replaceAll('m."body"', '"body"').replace(/\s+/g, ' ').trim()

describe('what the catalogue is searched by', () => {
  it.each([
    ['words', WORDS, '20261126120000_catalogue_words', 1],
    ['formats', FORMAT, '20261126170000_catalogue_formats', 2],
    ['sizes', SIZE, '20261126170000_catalogue_formats', 2],
  ] as const)('is to the letter what its indexes are made of: %s', (_what, { sql }, name, times) => {
    expect(migration(name).replace(/\s+/g, ' ').split(bare(sql)).length - 1).toBe(times)
  })
})
