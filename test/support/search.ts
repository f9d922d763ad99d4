import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import pg from 'pg'

/** Something that must not be found anywhere, under a name for the report. */
export interface Secret {
  name: string
  bytes: Uint8Array
}

/** One place that is searched: a file, or a table written out as text. */
export interface Haystack {
  name: string
  bytes: Buffer
}

const SHORTEST = 12

/**
 * How bytes may have been written: as they are, in hex, in both alphabets of base64 (also in the middle of a longer
 * text, where it depends on the position modulo three), as a JSON array or object of numbers, as a decimal number. Not
 * found: what was compressed or encrypted.
 */
export function spellings(bytes: Uint8Array): Buffer[] {
  if (bytes.length < SHORTEST) throw new TypeError(`${bytes.length} bytes are found by chance`)
  const plain = Buffer.from(bytes)
  const hex = plain.toString('hex')
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), plain])
      .toString('base64')
      .replace(/=+$/, '')
    // The first and last characters also hold bits of the neighbours.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + plain.length) * 8) / 6))
  })
  const words = [
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    [...plain].join(','),
    [...plain].map((byte, index) => `"${index}":${byte}`).join(','),
    BigInt(`0x${hex}`).toString(),
  ]
  return [plain, ...[...new Set(words)].map((word) => Buffer.from(word, 'latin1'))]
}

/** Where which secret is found, as `secret in place`; empty is what one wants. */
export function findSecrets(secrets: readonly Secret[], haystacks: Iterable<Haystack>): string[] {
  const needles = secrets.map(({ name, bytes }) => ({ name, spelled: spellings(bytes) }))
  const found: string[] = []
  for (const { name: place, bytes } of haystacks) {
    for (const { name, spelled } of needles) {
      if (spelled.some((needle) => bytes.includes(needle))) found.push(`${name} in ${place}`)
    }
  }
  return found
}

/** Every file below a folder, one after the other. */
export function* filesBelow(folder: string): Generator<Haystack> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    try {
      yield { name: relative(folder, path), bytes: readFileSync(path) }
    } catch (error) {
      // Programs that run replace their files.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

/** Every table of a database, its rows as JSON; byte columns come as hex. */
export async function tablesOf(databaseUrl: string): Promise<Haystack[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    )
    const dumped: Haystack[] = []
    for (const { name } of rows as { name: string }[]) {
      const dump = await client.query(`SELECT coalesce(json_agg(t), '[]')::text AS rows FROM ${name} t`)
      dumped.push({ name: `table ${name}`, bytes: Buffer.from(dump.rows[0].rows) })
    }
    return dumped
  } finally {
    await client.end()
  }
}
