// Prints the SQL that makes the tables of these files in an empty database: what a new migration is written from.
//
//   DATABASE_URL=postgresql://… node prisma/print-schema.mjs      (after `node scripts/build.mjs api`; changes nothing)
import { fileURLToPath } from 'node:url'
import { schemaSql } from '../apps/api/dist/database/migrate.js'

const url = process.env.DATABASE_URL
if (!url) {
  console.error('set DATABASE_URL to any PostgreSQL that answers')
  process.exit(2)
}
process.stdout.write(await schemaSql(url, fileURLToPath(new URL('.', import.meta.url))))
process.exit(0)
