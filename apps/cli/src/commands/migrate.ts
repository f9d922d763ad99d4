import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { action } from '../command.js'
import { builtProgram } from '../embedded/programs.js'
import { inheritedEnvironment } from '../environment.js'
import { CliError } from '../output.js'

/** `granary migrate`: applies the migrations of the API's database. */
export function registerMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description(
      "apply the migrations of the API's database, before a rolling update (DATABASE_URL names it)",
    )
    .addHelpText(
      'after',
      `
Programs of the version before go on beside the new tables: migrations only add, or say that they do not. Whoever is
second waits for the first. Start the API with API_MIGRATE=0 where migrations are applied by this alone.

Example:
  DATABASE_URL=postgresql://granary@localhost/granary granary migrate`,
    )
  action(command, async ({ environment, output }) => {
    const { databaseUrl } = environment
    if (!databaseUrl)
      throw new CliError('ENVIRONMENT_INVALID', 'set DATABASE_URL to the database that is to be migrated')
    const { applied } = await migrate(databaseUrl)
    output.result({ applied }, () => (applied.length === 0 ? 'nothing to do' : applied.join('\n')))
  })
}

async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const child = spawn(process.execPath, [builtProgram('api', 'migrate')], {
    env: { ...inheritedEnvironment(), DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const told = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    told.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    told.err += chunk
  })
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (status === 0) return JSON.parse(told.out)
  const [, code, message] = /^([A-Z_]+): ([\s\S]*)$/.exec(told.err.trim()) ?? []
  if (/^E[A-Z]+$/.test(code ?? ''))
    throw new CliError('DATABASE_UNAVAILABLE', `the database of DATABASE_URL does not answer: ${message}`)
  throw new CliError(code ?? 'MIGRATION_FAILED', message ?? told.err.trim())
}
