import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = new URL('../../prisma/', import.meta.url).pathname

/** All of `prisma/*.prisma` as one text. */
export function prismaSchema(): string {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.prisma'))
  return files.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('\n')
}
