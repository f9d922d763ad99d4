import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { apply, onChain, relayOf, tokenOf } from '../support/relay-work.js'

// Several API processes on one PostgreSQL: one reads the chain, one relays, another takes over when it is gone.

/** Long enough that a busy machine renews it in time. */
const LEASE_SECONDS = 5

let network: ApiNetwork
let apis: ApiProcess[]

const env = { LEASE_SECONDS: String(LEASE_SECONDS) }
const newWallet = () => new Wallet(Wallet.createRandom().privateKey)
const head = () => network.chain.provider.getBlockNumber()
const holder = async (name: string) =>
  (await network.query<{ holder: string }>('SELECT holder FROM "Lease" WHERE name = $1', [name]))[0]?.holder
const holds = async () => ({ feed: await holder('feed'), relayer: await holder('relayer') })

beforeAll(async () => {
  if (!process.env.GRANARY_TEST_DATABASE_URL) throw new Error('GRANARY_TEST_DATABASE_URL must be set')
  network = await ApiNetwork.start()
  // Both find an empty database and migrate it.
  apis = await Promise.all([network.startApi(env), network.startApi(env)])
})
afterAll(() => network?.end(), 60_000)

describe('two replicas that start at once on an empty database', () => {
  it('both are ready, and every migration was applied once', async () => {
    for (const { url } of apis) expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const rows = await network.query<{ name: string; done: boolean }>(
      'SELECT migration_name AS name, finished_at IS NOT NULL AS done FROM _prisma_migrations',
    )
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
    expect(rows.every(({ done }) => done)).toBe(true)
  })

  it('show the same chain, each lease held by one of them', async () => {
    await network.contribute(3)
    for (const api of apis) await caughtUp(api, await head())
    expect(
      await network.query(`SELECT name FROM "Lease" WHERE name IN ('feed', 'relayer') ORDER BY name`),
    ).toEqual([{ name: 'feed' }, { name: 'relayer' }])
  })

  it('take a session of the one at the other', async () => {
    const token = await tokenOf(apis[0]!, newWallet())
    const there = await fetch(`${apis[1]!.url}/v1/auth/session`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(there.status).toBe(200)
  })

  it('relay what either was asked for, once', async () => {
    const asked = await Promise.all([0, 1, 0, 1].map((place) => apply(network, apis[place]!, newWallet())))
    for (const one of asked)
      for (const api of apis)
        await until(async () => (await relayOf(api, one)).status === 'confirmed', `${one.relay} at each`)
    const found = await onChain(network)
    expect(asked.map(({ about }) => found.get(about))).toEqual([1, 1, 1, 1])
  })
})

describe('a replica that holds the leases', () => {
  it('is followed by another within seconds when it is killed', async () => {
    // A good end gives the leases up: the one that is left has both.
    await apis[1]!.end()
    await until(
      async () => Object.values(await holds()).every((each, _, all) => each && each === all[0]),
      'both',
    )
    apis[1] = await network.startApi(env)
    const before = await holds()
    await apis[0]!.end('SIGKILL')
    const killed = Date.now()
    const followed = (now: typeof before) => now.feed !== before.feed && now.relayer !== before.relayer
    await until(async () => followed(await holds()), 'another to have them')
    expect(Date.now() - killed).toBeLessThan(15_000)
    await network.contribute(2)
    await caughtUp(apis[1]!, await head())
    const one = await apply(network, apis[1]!, newWallet())
    await until(async () => (await relayOf(apis[1]!, one)).status === 'confirmed', 'a relay')
    apis = [apis[1]!, await network.startApi(env)]
  })

  it('writes nothing more when it stood still for longer than its lease', async () => {
    const [sleeper, other] = apis as [ApiProcess, ApiProcess]
    const before = await holds()
    sleeper.signal('SIGSTOP')
    await network.contribute(2)
    await caughtUp(other, await head())
    const one = await apply(network, other, newWallet())
    await until(async () => (await relayOf(other, one)).status === 'confirmed', 'a relay')
    const taken = await holds()
    expect(taken.feed).not.toBe(before.feed)
    expect(taken.relayer).not.toBe(before.relayer)
    sleeper.signal('SIGCONT')
    await network.contribute(2)
    await caughtUp(sleeper, await head())
    await sleep(LEASE_SECONDS * 1000)
    expect(await holds()).toEqual(taken)
    expect(await network.rows()).toEqual(await network.honestRows())
    expect((await onChain(network)).get(one.about)).toBe(1)
  })
})
