import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ApiNetwork, type ApiProcess, caughtUp, progress } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { type Fault, FaultyRpc } from '../support/faulty-rpc.js'

// The chain feed against nodes that fail, lie by omission and change their minds. In the end the tables are what an
// honest node would have filled them with.

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess
const openRpcs: FaultyRpc[] = []

const faulty = async (seed?: number) => {
  const one = await FaultyRpc.start(network.chain.rpcUrl, seed)
  openRpcs.push(one)
  return one
}
const head = () => network.chain.provider.getBlockNumber()
const mine = (blocks: number) => network.chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`])
const snapshot = () => network.chain.provider.send('evm_snapshot', [])
const metric = async (name: string) => {
  const text = await (await fetch(`${api.url}/metrics`)).text()
  return Number(new RegExp(`^${name}(?:{[^}]*})? (.+)$`, 'm').exec(text)?.[1])
}

/** The chain as it was at a snapshot; what was on its way then is not sent again. */
async function revert(to: string): Promise<void> {
  expect(await network.chain.provider.send('evm_revert', [to])).toBe(true)
  network.chain.council.reset()
}

/** Events of several kinds over several blocks. */
async function live(rounds = 2): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const [first] = await network.contribute(3)
    await network.chain.asDao('datasetRegistry', 'setPrice', 1, BigInt(1000 + (await head())))
    const message = { owner: first!.owner.address as `0x${string}`, content: first!.content }
    const signature = await network.sign(first!.owner, 'Withdrawal', message)
    await network.chain.asCouncil('datasetRegistry', 'withdraw', [message], [signature])
  }
}

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await faulty()
})
afterAll(async () => {
  await network?.end()
  await Promise.all(openRpcs.map((each) => each.end()))
})

describe('a node on another chain', () => {
  it('is never believed, and the next endpoint is asked instead', async () => {
    const wrong = (await faulty()).fail('other-chain')
    await live(1)
    const alone = await network.startApi({ RPC_URL: wrong.url })
    expect((await fetch(`${alone.url}/readyz`)).status).toBe(503)
    expect(await network.query('SELECT * FROM "ChainEvent"')).toEqual([])
    expect(wrong.asked.get('eth_getLogs')).toBeUndefined()
    await alone.end()

    const both = await network.startApi({
      RPC_URL: wrong.url,
      RPC_URLS: `${rpc.url}, ${network.chain.rpcUrl}`,
    })
    await caughtUp(both, await head())
    expect(wrong.asked.get('eth_getLogs')).toBeUndefined()
    await both.end()
  })

  it('is not believed either when it was on ours before: nothing is taken back', async () => {
    const node = await faulty()
    const one = await network.startApi({ RPC_URL: node.url })
    await caughtUp(one, await head())
    const rows = await network.rows()
    node.fail('other-chain').fail('other-blocks')
    const wasAsked = () => (node.met.get('other-chain') ?? 0) > 1
    await until(wasAsked, 'the question which chain it is', 60_000)
    expect(await network.rows()).toEqual(rows)
    await live(1)
    node.heal()
    await caughtUp(one, await head())
    expect(one.logged()).not.toMatch(/the chain went back/)
    expect(await network.rows()).toEqual(await network.honestRows())
  })
})

describe('a node that fails', () => {
  const FAULTS: Fault[] = [
    ...(['close', 'http-500', 'http-429', 'http-429-later', 'garbage', 'error', 'busy'] as const),
    ...(['range-too-large', 'gap', 'empty', 'double', 'shuffle', 'fork', 'no-receipt'] as const),
  ]
  /** Of so many kinds at least one has happened; which ones is up to chance and to how often is asked. */
  const MET_AT_LEAST = 9

  it('leaves nothing out of the tables, whatever it does with what it is asked', async () => {
    api = await network.startApi({ RPC_URL: rpc.url, FEED_RANGE_BLOCKS: '20' })
    for (const fault of FAULTS) rpc.fail(fault, { chance: 0.02, blocks: 2 })
    rpc.fail('hang', { chance: 0.01 })
    for (let round = 0; round < 4 || rpc.met.size < MET_AT_LEAST; round += 1) await live(2)
    // A quarter of its questions fail, and with them whole rounds of reading.
    await caughtUp(api, await head(), 180_000)
    rpc.heal()
    const rows = await network.rows()
    expect(rows.Dataset?.length).toBeGreaterThan(20)
    expect(rows).toEqual(await network.honestRows())
  }, 270_000)

  it.each<Fault>(['gap', 'empty'])('and always answers with logs like this: %s', async (fault) => {
    rpc.heal().fail(fault)
    await network.forget()
    await live(2)
    api = await network.startApi({ RPC_URL: rpc.url })
    await live(1)
    await caughtUp(api, await head())
    expect(rpc.met.get(fault)).toBeGreaterThan(0)
    expect(await network.rows()).toEqual(await network.honestRows())
  })

  it.each<Fault>(['too-many-results'])('is asked for less when it says: %s', async (fault) => {
    rpc.heal().fail(fault, { blocks: 3 })
    await network.forget()
    api = await network.startApi({ RPC_URL: rpc.url })
    await caughtUp(api, await head())
    expect(rpc.met.get(fault)).toBeGreaterThan(1)
    expect(await network.rows()).toEqual(await network.honestRows())
  })

  it('is waited for when it is behind: nothing is taken back', async () => {
    rpc.heal()
    api = await network.startApi({ RPC_URL: rpc.url, CHAIN_PATIENCE_SECONDS: '30' })
    await live(1)
    await caughtUp(api, await head())
    const { indexed } = await progress(api)
    rpc.lag(4)
    await until(async () => (await progress(api)).block < indexed, 'the older block')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect((await progress(api)).indexed).toBe(indexed)
    rpc.heal()
    await live(1)
    await caughtUp(api, await head())
    expect(api.logged()).not.toMatch(/the chain went back/)
  })

  it('shows in what /v1/network and the metrics say, which answer all the same', async () => {
    rpc.fail('hang')
    await until(async () => (await progress(api)).unreadSeconds >= 3, 'seconds without an answer')
    const { behindSeconds } = await progress(api)
    expect(behindSeconds).toBeGreaterThanOrEqual(3)
    expect(await metric('granary_chain_unread_seconds')).toBeGreaterThanOrEqual(3)
    expect(
      await metric('granary_rpc_faults_total{fault="timeout"}'.replace(/[{}"]/g, '\\$&')),
    ).toBeGreaterThan(0)
    rpc.heal()
    await live(1)
    await caughtUp(api, await head())
    await until(async () => (await progress(api)).behindSeconds <= 1, 'the present')
    expect(await metric('granary_feed_lag_blocks')).toBe(0)
    await api.end()
  })
})

describe('a chain that went back', () => {
  beforeAll(async () => {
    rpc.heal()
    await network.forget()
    api = await network.startApi({ RPC_URL: rpc.url, FEED_KEPT_BLOCKS: '300' })
  })

  it.each([1, 20, 400])(
    'by %i blocks is followed, and the tables are those of the new branch',
    async (depth) => {
      await live(1)
      await caughtUp(api, await head())
      const before = await snapshot()
      await live(1)
      const done = 3
      if (depth > done) await mine(depth - done)
      await caughtUp(api, await head())
      await revert(before)
      await live(1)
      await mine(depth + 5)
      await caughtUp(api, await head())
      await until(async () => (await progress(api)).indexed === (await head()), 'the new branch')
      const rows = await network.rows()
      api = await again(rows)
    },
  )

  it('is followed when an event moves to another block, and while it is being read', async () => {
    const before = await snapshot()
    const nonce = await network.chain.council.getNonce()
    await live(3)
    rpc.fail('slow', { methods: ['eth_getLogs', 'eth_getBlockByNumber'] })
    await until(async () => (await progress(api)).indexed < (await head()), 'some to read')
    await revert(before)
    await mine(1)
    await live(2)
    await mine(20)
    rpc.heal()
    expect(await network.chain.council.getNonce()).toBeGreaterThan(nonce)
    await caughtUp(api, await head())
    api = await again(await network.rows())
  })

  /** The rows are what an empty database is filled with; then on with an API as before. */
  async function again(rows: Record<string, string[]>): Promise<ApiProcess> {
    expect(rows).toEqual(await network.honestRows())
    return network.startApi({ RPC_URL: rpc.url, FEED_KEPT_BLOCKS: '300' })
  }
})
