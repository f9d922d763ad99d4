// `node dist/migrate.js`, what `granary migrate` runs: applies the database's migrations and ends.
import { ConfigError } from '@granary/operation'
import { loadMigrationConfig } from './config.js'
import { migrateDatabase } from './database/schema-state.js'

try {
  const { DATABASE_URL, MIGRATIONS_DIR } = loadMigrationConfig(process.env)
  const applied = await migrateDatabase(DATABASE_URL, MIGRATIONS_DIR)
  process.stdout.write(`${JSON.stringify({ applied })}\n`)
} catch (error) {
  const { message, code } = error as Error & { code?: string }
  process.stderr.write(`${error instanceof ConfigError || !code ? message : `${code}: ${message}`}\n`)
  process.exitCode = 1
}
