import { spawn } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { anvilBinary } from '../../apps/cli/src/deploy/anvil.js'
import { freePort } from '../support/custody.js'
import { type Replica, startReplica } from '../support/replica.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// /healthz: the process answers. /readyz: each part that it needs is there, or is named. Every part is taken away.

let world: OwnWorld
const again: (() => Promise<void> | void)[] = []

beforeAll(async () => {
  world = await startWorld()
}, 240_000)
afterEach(async () => {
  for (const undo of again.splice(0).reverse()) await undo()
  for (const url of [world.api, custodian()])
    await waitFor(`${url} ready`, async () => (await ready(url)).status === 200)
})
afterAll(() => world?.end(), 90_000)

const custodian = () => world.facts.custodians[0]!.endpoint

async function ready(url: string) {
  const began = Date.now()
  const answer = await fetch(`${url}/readyz`)
  return { status: answer.status, body: await answer.json(), ms: Date.now() - began }
}

/** Stops a process as if its machine hung; it goes on after the test. */
function hang(pid: number | undefined) {
  process.kill(pid!, 'SIGSTOP')
  again.push(() => void process.kill(pid!, 'SIGCONT'))
}

/** A replica of the test's own, ended after it. */
async function replica(env: Record<string, string>): Promise<Replica> {
  const started = await startReplica(world, env)
  again.push(async () => void (await started.stop('SIGKILL')))
  return started
}

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: world.facts.databaseUrl })
  await client.connect()
  await client.query(text)
  await client.end()
}

/** A feeder that is not there holds the lease, so that nobody reads the chain until the test is over. */
async function holdFeed(): Promise<void> {
  await sql(
    `UPDATE "Lease" SET "holder" = 'nobody', "until" = now() + interval '1 hour' WHERE "name" = 'feed'`,
  )
  again.push(() => sql(`DELETE FROM "Lease" WHERE "name" = 'feed'`))
}

/** A chain of its own, without anything on it; gives its port. */
async function otherChain(chainId: number): Promise<number> {
  const port = await freePort()
  const other = spawn(anvilBinary(), ['--port', String(port), '--chain-id', String(chainId), '--quiet'], {
    stdio: 'ignore',
  })
  again.push(() => void other.kill())
  await waitFor('the other chain', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}'
    const headers = { 'content-type': 'application/json' }
    return fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body }).then(
      (answer) => answer.ok,
      () => false,
    )
  })
  return port
}

const failing = (...parts: [part: string, code: string][]) => parts.map(([part, code]) => ({ part, code }))

describe('GET /readyz of the API', () => {
  it('names a chain that hangs, within five seconds, while the process is healthy', async () => {
    hang(world.pids().chain)
    const { status, body, ms } = await ready(world.api)
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'CHAIN_UNAVAILABLE' })
    expect(body.failing).toEqual(failing(['chain', 'CHAIN_UNAVAILABLE']))
    expect(ms).toBeLessThan(6_000)
    expect((await fetch(`${world.api}/healthz`)).status).toBe(200)
    // What is measured without the chain is still told.
    const text = await (await fetch(`${world.api}/metrics`)).text()
    expect(text).toMatch(/granary_relays\{status="queued"\} 0/)
    expect(text).toMatch(/granary_relayer_ether (NaN|Nan|0)/)
  })

  it('names a database that hangs, with all that is only known from it', async () => {
    hang(world.pids().database)
    const { status, body, ms } = await ready(world.api)
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'DATABASE_UNAVAILABLE' })
    expect(body.failing).toContainEqual({ part: 'database', code: 'DATABASE_UNAVAILABLE' })
    expect(ms).toBeLessThan(6_000)
    expect((await fetch(`${world.api}/healthz`)).status).toBe(200)
  })

  it('names a chain of another id than the deployment', async () => {
    const port = await otherChain(4711)
    const lost = await replica({ RPC_URL: `http://127.0.0.1:${port}` })
    const { status, body } = await ready(lost.url)
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'CHAIN_MISMATCH' })
  })

  it('names a chain of the right id on which nothing is deployed', async () => {
    // Nobody reads that chain into the tables that others use.
    await holdFeed()
    const port = await otherChain(31_337)
    const lost = await replica({ RPC_URL: `http://127.0.0.1:${port}` })
    const { status, body } = await ready(lost.url)
    expect({ status, failing: body.failing }).toEqual({
      status: 503,
      failing: failing(['chain', 'CONTRACTS_MISSING']),
    })
  })

  it('names a block store that is away', async () => {
    const lost = await replica({ BLOCKSTORE: 'kubo', KUBO_URL: `http://127.0.0.1:${await freePort()}` })
    const { status, body } = await ready(lost.url)
    expect({ status, failing: body.failing }).toEqual({
      status: 503,
      failing: failing(['storage', 'STORAGE_UNAVAILABLE']),
    })
  })

  it('names tables that trail the chain for longer than they may', async () => {
    await holdFeed()
    const late = await replica({ READY_FEED_SECONDS: '1' })
    await world.provider.send('anvil_mine', ['0x3'])
    await waitFor('it to be late', async () => (await ready(late.url)).status === 503)
    expect((await ready(late.url)).body.failing).toEqual(failing(['feed', 'FEED_BEHIND']))
    // Its neighbour may trail by a minute.
    expect((await ready(world.api)).status).toBe(200)
  })
})

describe('GET /readyz of a custodian', () => {
  it('names a chain that hangs, while the process is healthy', async () => {
    hang(world.pids().chain)
    const { status, body, ms } = await ready(custodian())
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'CHAIN_UNAVAILABLE' })
    expect(ms).toBeLessThan(6_000)
    expect((await fetch(`${custodian()}/healthz`)).status).toBe(200)
  })

  it('says that it holds no share of the current epoch', async () => {
    const port = await freePort()
    const dir = `${world.facts.dataDir}/custodians/stranger`
    const program = new URL('../../apps/custodian/dist/main.js', import.meta.url).pathname
    const stranger = spawn(process.execPath, [program], {
      env: {
        PATH: process.env.PATH,
        GRANARY_CUSTODIAN_DIR: dir,
        PORT: String(port),
        RPC_URLS: world.rpc,
        DEPLOYMENT: world.facts.deployment,
        GATEWAYS: world.api,
        OTEL_EXPORTER_OTLP_ENDPOINT: '',
      },
      stdio: 'ignore',
    })
    const url = `http://127.0.0.1:${port}`
    again.push(async () => {
      const ended = new Promise((resolve) => stranger.once('exit', resolve))
      stranger.kill()
      expect(await ended).toBe(0)
    })
    await waitFor('the stranger', () =>
      fetch(`${url}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      ),
    )
    const { status, body } = await ready(url)
    expect({ status, failing: body.failing }).toEqual({
      status: 503,
      failing: failing(['share', 'CUSTODIAN_NOT_READY']),
    })
  })
})
