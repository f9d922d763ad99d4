import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { startBalancer } from '../support/balancer.js'
import { type Replica, replicaEnvironment, startReplica } from '../support/replica.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// An update while people are at work: the database first, then one replica after the other, and no answer fails.

const ROOT = join(import.meta.dirname, '../..')
const ADDED = '20990101000000_a_column_more'
const TAKEN = '20990102000000_contract_a_column_less'
let world: OwnWorld
let folder: string
let balancer: Awaited<ReturnType<typeof startBalancer>>
const replicas: Replica[] = []

/** The migrations of this version and more. */
function migrationsWith(...more: [name: string, sql: string][]): string {
  const dir = mkdtempSync(join(folder, 'migrations-'))
  cpSync(join(ROOT, 'prisma/migrations'), dir, { recursive: true })
  for (const [name, sql] of more) {
    mkdirSync(join(dir, name))
    writeFileSync(join(dir, name, 'migration.sql'), sql)
  }
  return dir
}

/** What `granary migrate` runs, on another folder of migrations. */
function migrate(dir: string): Promise<{ code: number; out: string; err: string }> {
  const { DATABASE_URL, PATH } = replicaEnvironment(world) as { DATABASE_URL: string; PATH: string }
  const env = { PATH, DATABASE_URL, MIGRATIONS_DIR: dir }
  return new Promise((resolve) =>
    execFile(process.execPath, [join(ROOT, 'apps/api/dist/migrate.js')], { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    ),
  )
}

const next = async (env: Record<string, string> = {}) => {
  // Time for the balancer to look, also on a busy machine.
  const replica = await startReplica(world, { SHUTDOWN_DELAY_SECONDS: '5', ...env })
  replicas.push(replica)
  balancer.add(replica.url)
  await waitFor(`${replica.url} ready`, async () => balancer.isReady(replica.url))
  return replica
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'granary-rolling-'))
  world = await startWorld()
  await world.createPool()
  balancer = await startBalancer()
}, 240_000)

afterAll(async () => {
  await balancer?.close()
  await Promise.all(replicas.map((replica) => replica.stop('SIGKILL')))
  await world?.end()
  rmSync(folder, { recursive: true, force: true })
})

describe('a replica', () => {
  it('does not start on a database that lacks its migrations when it may not apply them', async () => {
    const MIGRATIONS_DIR = migrationsWith([ADDED, 'ALTER TABLE "Pool" ADD COLUMN "note" TEXT;'])
    const started = startReplica(world, { MIGRATIONS_DIR, API_MIGRATE: '0' })
    await expect(started).rejects.toThrow(new RegExp(`MIGRATIONS_MISSING.*${ADDED}`))
  })
})

describe('an update', () => {
  it('of database and both replicas, one after the other, fails no request', async () => {
    const newer = migrationsWith([ADDED, 'ALTER TABLE "Pool" ADD COLUMN "note" TEXT;'])
    const [first, second] = [await next(), await next()]
    const failures: string[] = []
    let answered = 0
    let done = false
    const client = async () => {
      for (const path of ['/v1/pools', '/v1/network', '/v1/datasets?limit=5']) {
        const answer = await fetch(balancer.url + path).catch((error: Error) => error)
        if (answer instanceof Error || !answer.ok)
          failures.push(`${path}: ${answer instanceof Error ? answer : answer.status}`)
        else await answer.json()
        answered += 1
      }
      if (!done) await client()
    }
    const clients = [client(), client(), client()]

    // Two at once: one waits for the other, and finds nothing to do. All connections to the embedded database are one
    // session, which no lock of its own holds up: there one comes after the other.
    const both = world.facts.services.database
      ? await Promise.all([migrate(newer), migrate(newer)])
      : [await migrate(newer), await migrate(newer)]
    expect(both.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ])
    expect(both.flatMap(({ out }) => JSON.parse(out).applied)).toEqual([ADDED])

    for (const old of [first, second]) {
      await next({ MIGRATIONS_DIR: newer, API_MIGRATE: '0' })
      expect(await old.stop()).toBe(0)
      balancer.remove(old.url)
    }
    done = true
    await Promise.all(clients)
    expect(failures).toEqual([])
    expect(answered).toBeGreaterThan(50)
  })

  it('that takes away what older programs use ends their readiness, and they do not start again', async () => {
    const newest = migrationsWith(
      [ADDED, 'ALTER TABLE "Pool" ADD COLUMN "note" TEXT;'],
      [TAKEN, '-- two-step: 20990101000000_a_column_more\nALTER TABLE "Pool" DROP COLUMN "note";'],
    )
    const old = replicas.at(-1)!
    expect(await migrate(newest)).toMatchObject({ code: 0 })
    const answer = await fetch(`${old.url}/readyz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      code: 'DATABASE_TOO_NEW',
      failing: [{ part: 'migrations', code: 'DATABASE_TOO_NEW' }],
    })
    const again = startReplica(world)
    await expect(again).rejects.toThrow(new RegExp(`DATABASE_TOO_NEW.*${TAKEN}`))
  })
})

describe('the programs', () => {
  it('leave a database as they found it when they refuse it', async () => {
    const client = new pg.Client({ connectionString: world.facts.databaseUrl })
    await client.connect()
    const { rows } = await client.query(
      'SELECT migration_name FROM _prisma_migrations ORDER BY 1 DESC LIMIT 2',
    )
    await client.end()
    expect(rows.map((row) => row.migration_name)).toEqual([TAKEN, ADDED])
    expect(readFileSync(join(ROOT, '.env.example'), 'utf8')).toContain('API_MIGRATE=1')
  })
})
