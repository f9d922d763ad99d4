import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address, Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import pg from 'pg'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { type ComposeRun, composeUp } from '../support/compose.js'
import { jsonLines } from '../support/log-lines.js'
import { type NetworkFacts, type World, waitFor, worldOf } from '../support/world.js'

// docs/operate.md, followed to the letter: its fenced commands make a backup of a network that works, the operator's
// database and store and a custodian's folder are destroyed, its commands restore them, and everything works again.

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8')
const ask = { purposes: ['fine-tuning'] }
const PRICE = parseEther('1')
const bytes = randomBytes(1_500_000)
let run: ComposeRun
let world: World
let alice: Actor
let trent: Actor
let pool: number
let dataset: Hex
let backup: string
let kubo: string

/** The commands of the block that begins with "```sh NAME", run by a shell that stops at the first failure. */
function follow(name: string, variables: Record<string, string>): Promise<void> {
  const block = new RegExp(`^\`\`\`sh ${name}\n([\\s\\S]*?)^\`\`\``, 'm').exec(DOCUMENT)?.[1]
  if (!block) throw new Error(`docs/operate.md has no block "${name}"`)
  const env = { PATH: process.env.PATH ?? '', ...variables }
  return new Promise((resolve, reject) =>
    execFile('bash', ['-euo', 'pipefail', '-c', block], { env, timeout: 60_000 }, (error, out, err) =>
      error ? reject(new Error(`${name}: ${error.message}\n${out}${err}`)) : resolve(),
    ),
  )
}

const operator = () => ({
  DATABASE_URL: run.databaseUrl,
  KUBO_URL: kubo,
  DEPLOYMENT: join(run.folder('network'), 'deployment.json'),
  BACKUP: join(backup, 'operator'),
})
const custodian = () => ({
  GRANARY_CUSTODIAN_DIR: run.folder('custodian-1'),
  BACKUP: join(backup, 'custodian-1'),
})

beforeAll(async () => {
  const { GRANARY_TEST_DATABASE_URL: postgres, KUBO_URL } = process.env
  if (!postgres || !KUBO_URL) throw new Error('GRANARY_TEST_DATABASE_URL and KUBO_URL must be set')
  kubo = KUBO_URL
  backup = mkdtempSync(join(tmpdir(), 'granary-backup-'))
  run = await composeUp({ postgres, kubo })
  const deployment = join(run.folder('network'), 'deployment.json')
  world = worldOf({ chainId: 31_337, apiUrl: run.api, rpcUrl: run.rpc, deployment } as NetworkFacts)
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world)
  trent = await newTrainer(world)
  dataset = (await contributeBytes(alice, bytes, { ...ask, pool, expires: null })).id
  await use()
  await waitFor('the reward', async () => (await earned()) > 0n)
}, 300_000)

afterAll(async () => {
  world?.close()
  await run?.end()
  rmSync(backup, { recursive: true, force: true })
})

/** One use of the dataset, fetched to the byte and settled. */
async function use(): Promise<void> {
  const { request } = await trent.client.requests.open({
    ...ask,
    pool,
    recipient: trent.recipient,
    datasets: [dataset],
  })
  const sink = memorySink()
  const { failed } = await trent.client.fetch(request, { identity: trent.identity, sink })
  expect(failed).toEqual([])
  expect(Buffer.from(sink.files.get(dataset)!).equals(bytes)).toBe(true)
  await waitFor('the settlement', async () => {
    await trent.client.settle()
    return BigInt((await trent.client.requests.get(request)).spent) === PRICE
  })
}

/** What Alice was paid for, in effect or not: in production the guardian has a day before it is. */
async function earned(): Promise<bigint> {
  const { earned, pending } = await alice.client.rewards.get(alice.address as Address)
  return pending.reduce((sum, { amount }) => sum + BigInt(amount), BigInt(earned))
}

async function facts() {
  const datasets = []
  for await (const each of alice.client.datasets.list({ owner: alice.address })) datasets.push(each)
  return {
    datasets,
    earned: String(await earned()),
    pools: (await (await fetch(`${run.api}/v1/pools`)).json()) as unknown,
  }
}

/** Everything of Kubo that this network put there, pins first. */
async function destroyBlocks(cids: string[]): Promise<void> {
  const rpc = async (path: string) => (await fetch(`${kubo}/api/v0/${path}`, { method: 'POST' })).text()
  for (const cid of cids) {
    const refs = (await rpc(`refs?arg=${cid}&recursive=true&unique=true`)).split('\n').filter(Boolean)
    await rpc(`pin/rm?arg=${cid}`)
    for (const block of [cid, ...refs.map((line) => JSON.parse(line).Ref as string)])
      await rpc(`block/rm?arg=${block}&force=true`)
  }
}

async function destroyDatabase(): Promise<void> {
  const client = new pg.Client({ connectionString: run.databaseUrl })
  await client.connect()
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  await client.end()
}

describe('a request on real services', () => {
  it('is followed to Kubo by its id', () => {
    const lines = jsonLines(run.logOf('api'))
    const asked = new Set(lines.filter(({ msg }) => msg === 'request').map(({ id }) => id))
    // What Kubo does not have it answers with 500.
    const stored = lines.find(
      ({ msg, target, id, outcome }) =>
        msg === 'outgoing' && target === 'kubo' && outcome === '200' && asked.has(id),
    )
    expect(stored).toMatchObject({ to: new URL(kubo).host, ms: expect.any(Number) })
  })
})

describe('docs/operate.md', () => {
  it('makes a backup of a running operator and of a custodian that stops for a moment', async () => {
    await follow('backup operator', operator())
    // Again on top of it: what is there is not copied twice, and what went since, such as what was erased, leaves it.
    const gone = join(backup, 'operator/blocks/bafkreigone.car')
    writeFileSync(gone, 'of a file that was erased')
    await follow('backup operator', operator())
    expect(existsSync(gone)).toBe(false)
    expect(await run.stop('custodian-1')).toBe(0)
    await follow('backup custodian', custodian())
    await run.start('custodian-1')
    expect(readdirSync(join(backup, 'operator')).sort()).toEqual(
      ['SHA256SUMS', 'blocks', 'cids', 'contents', 'deployment.json', 'granary.dump'].sort(),
    )
    expect(readdirSync(join(backup, 'custodian-1'))).toEqual(['custodian.tar.gz'])
  })

  it('brings back what was destroyed: datasets, rewards, and a fetch to the byte', async () => {
    const before = await facts()
    const cids = readFileSync(join(backup, 'operator/cids'), 'utf8').trim().split('\n')
    for (const name of ['api', 'custodian-1']) expect(await run.stop(name)).toBe(0)
    await destroyDatabase()
    await destroyBlocks(cids)
    rmSync(run.folder('custodian-1'), { recursive: true })
    rmSync(operator().DEPLOYMENT)
    const gone = await fetch(`${kubo}/api/v0/block/stat?arg=${cids[0]}&offline=true`, { method: 'POST' })
    expect(gone.ok).toBe(false)

    await follow('restore operator', operator())
    await follow('restore custodian', custodian())
    await run.start('custodian-1')
    await run.start('api')
    await waitFor('readiness', async () => (await fetch(`${run.api}/readyz`)).ok)

    expect(await facts()).toEqual(before)
    expect(before.datasets.map(({ id }) => id)).toEqual([dataset])
    const once = await earned()
    // Another custodian is away: the restored one is needed for the quorum.
    await run.stop('custodian-3')
    await use()
    await waitFor('the second reward', async () => (await earned()) === once * 2n)
    await run.start('custodian-3')
  }, 240_000)

  it('refuses a backup that was damaged', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'granary-damaged-'))
    rmSync(copy, { recursive: true })
    cpSync(join(backup, 'operator'), copy, { recursive: true })
    appendFileSync(join(copy, 'granary.dump'), 'x')
    await expect(follow('restore operator', { ...operator(), BACKUP: copy })).rejects.toThrow(
      /restore operator/,
    )
    rmSync(copy, { recursive: true })
  })
})
