import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther, Wallet } from 'ethers'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { type Fault, FaultyRpc, randomOf } from '../support/faulty-rpc.js'
import {
  type Accepted,
  apply,
  onChain,
  relayOf,
  tokenOf,
  updateConsent,
  withdraw,
} from '../support/relay-work.js'

// The relayer against nodes that lose, delay and refuse transactions, an empty purse and its own death: what was accepted
// ends on the chain once, or its signer is told why not.

const SEED = Number(process.env.GRANARY_TEST_SEED ?? 7)

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess

const env = () => ({ RPC_URL: rpc.url, RELAY_REPRICE_SECONDS: '3' })
const send = (method: string, ...params: unknown[]) => network.chain.provider.send(method, params)
const newWallet = () => new Wallet(Wallet.createRandom().privateKey)
const isDecided = async (one: Accepted) => ['confirmed', 'refused'].includes((await relayOf(api, one)).status)
const decided = (one: Accepted) =>
  until(() => isDecided(one).catch(() => false), `relay ${one.relay}`, 60_000)
const times = async ({ about }: Accepted) => (await onChain(network)).get(about) ?? 0
const applied = () => apply(network, api, newWallet())
const metric = async (line: string) =>
  (await (await fetch(`${api.url}/metrics`)).text()).split('\n').find((each) => each.startsWith(line))

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl, SEED)
  api = await network.startApi(env())
})
afterAll(async () => {
  await network?.end()
  await rpc?.end()
})

describe('a relayer that cannot pay', () => {
  it('says so, keeps what waits, and goes on once there is money', async () => {
    await send('anvil_setBalance', network.relayer.address, '0x1')
    const one = await applied()
    await until(async () => (await relayOf(api, one)).waiting === 'RELAYER_OUT_OF_FUNDS', 'the reason')
    expect(await metric('granary_relayer_waiting{reason="RELAYER_OUT_OF_FUNDS"}')).toMatch(/ 1$/)
    await send('anvil_setBalance', network.relayer.address, `0x${parseEther('100').toString(16)}`)
    await decided(one)
    expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed', waiting: null })
    expect(await times(one)).toBe(1)
  })

  it('waits while gas costs more than its limit, and goes on once it costs less', async () => {
    await send('anvil_setNextBlockBaseFeePerGas', `0x${(600n * 10n ** 9n).toString(16)}`)
    await send('evm_mine')
    const one = await applied()
    await until(async () => (await relayOf(api, one)).waiting === 'GAS_PRICE_TOO_HIGH', 'the reason')
    expect(await times(one)).toBe(0)
    await send('anvil_setNextBlockBaseFeePerGas', '0x3b9aca00')
    await send('evm_mine')
    await decided(one)
    expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed' })
  })
})

describe('a transaction', () => {
  it.each<Fault>(['drop', 'lost-answer', 'already-known', 'nonce-too-low', 'underpriced', 'stale-count'])(
    'reaches the chain once though the node does this: %s',
    async (fault) => {
      rpc.heal().fail(fault, { times: 2 })
      const one = await applied()
      await decided(one)
      rpc.heal()
      expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed' })
      expect(await times(one)).toBe(1)
    },
  )

  it('is sent again at a higher price when the base fee passes it, and counts under whichever price it came', async () => {
    await send('evm_setAutomine', false)
    const one = await applied()
    await until(async () => (await relayOf(api, one)).status === 'sent', 'the first price')
    const { transaction } = await relayOf(api, one)
    await until(async () => (await relayOf(api, one)).transaction !== transaction, 'the second price')
    await send('evm_setAutomine', true)
    await send('evm_mine')
    await decided(one)
    expect(await times(one)).toBe(1)
  })

  it('is sent under another number when its own was used with the relayer’s key elsewhere', async () => {
    const lost = rpc.met.get('drop') ?? 0
    rpc.fail('drop', { times: 1 })
    const one = await applied()
    await until(() => (rpc.met.get('drop') ?? 0) > lost, 'a lost transaction')
    await network.relayer.connect(network.chain.provider).sendTransaction({ to: network.relayer.address })
    await decided(one)
    expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed' })
    expect(await times(one)).toBe(1)
  })
})

describe('a block that the chain took back', () => {
  it('takes no answer with it: what was confirmed there comes again', async () => {
    const before = await send('evm_snapshot')
    const one = await applied()
    await decided(one)
    expect(await send('evm_revert', before)).toBe(true)
    expect(await times(one)).toBe(0)
    await send('anvil_mine', '0x5')
    await until(async () => (await times(one)) === 1, 'it again', 60_000)
    await until(async () => (await relayOf(api, one)).status === 'confirmed', 'its answer')
  })
})

describe('everything at once', () => {
  it(`leaves nothing unanswered and does nothing twice (GRANARY_TEST_SEED=${SEED})`, async () => {
    rpc.heal()
    const random = randomOf(SEED)
    const datasets = await network.contribute(24)
    await caughtUp(api, await network.chain.provider.getBlockNumber())
    for (const fault of ['drop', 'lost-answer', 'already-known', 'nonce-too-low', 'no-receipt'] as const)
      rpc.fail(fault, { chance: 0.15 })
    for (const fault of ['close', 'http-500', 'error', 'stale-count'] as const)
      rpc.fail(fault, { chance: 0.03 })
    const accepted: Accepted[] = []
    const insist = async (ask: () => Promise<Accepted>) => {
      await until(async () => {
        const one = await ask().catch(() => null)
        if (one) accepted.push(one)
        return one !== null
      }, 'an acceptance')
    }
    for (const [place, dataset] of datasets.entries()) {
      await insist(() => withdraw(network, api, dataset))
      if (place % 3 === 0) {
        const trent = newWallet()
        await insist(() => apply(network, api, trent))
      }
      if (place % 8 === 5) {
        await new Promise((resolve) => setTimeout(resolve, random() * 400))
        await api.end('SIGKILL')
        api = await network.startApi(env())
      }
    }
    for (const one of accepted) await until(() => isDecided(one).catch(() => false), one.relay, 60_000)
    rpc.heal()
    const answers = await Promise.all(accepted.map((one) => relayOf(api, one)))
    const found = await onChain(network)
    for (const [place, { about }] of accepted.entries()) {
      const { status, code } = answers[place]!
      expect(status === 'confirmed' || code !== null).toBe(true)
      expect(found.get(about) ?? 0).toBe(status === 'confirmed' ? 1 : 0)
    }
    expect(answers.filter(({ status }) => status === 'confirmed').length).toBe(accepted.length)
  }, 240_000)
})

describe('messages that come one after the other', () => {
  /** Also on a busy machine the one that comes alone is answered, and another one asked for, before this is over. */
  const WAIT_MS = 10_000

  it('are waited for, for so long or until there are enough; one that comes alone is not', async () => {
    rpc.heal()
    await api.end()
    api = await network.startApi({ ...env(), RELAY_BATCH_WAIT_MS: String(WAIT_MS), RELAY_BATCH_SIZE: '3' })
    const datasets = await network.contribute(6)
    await caughtUp(api, await network.chain.provider.getBlockNumber())
    const tokens = await Promise.all(datasets.map(({ owner }) => tokenOf(api, owner)))
    const change = (place: number) => updateConsent(network, api, datasets[place]!, tokens[place]!)
    const all = async (...places: number[]) => {
      const asked: Accepted[] = []
      for (const place of places) asked.push(await change(place))
      await Promise.all(asked.map(decided))
      return Promise.all(asked.map((one) => relayOf(api, one)))
    }
    const [lone] = await all(0)
    expect(lone).toMatchObject({ status: 'confirmed', code: null, batch: 1 })
    const began = Date.now()
    const [one, two] = await all(1, 2)
    expect(Date.now() - began).toBeGreaterThan(WAIT_MS * 0.9)
    expect([one!.batch, two!.batch]).toEqual([2, 2])
    const three = await all(3, 4, 5)
    expect(three.map(({ batch }) => batch)).toEqual([3, 3, 3])
    expect(new Set(three.map(({ transaction }) => transaction)).size).toBe(1)
  })
})
