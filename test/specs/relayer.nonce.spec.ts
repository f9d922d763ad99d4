import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { FaultyRpc } from '../support/faulty-rpc.js'
import { type Accepted, apply, onChain, relayOf, sendElsewhere, withdraw } from '../support/relay-work.js'

// The numbers of the relayer's transactions, some of which somebody else takes with the relayer's key. Whatever takes a
// number, every message lands once and the numbers have no gap.

const PATIENCE = 60_000

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess
let made: Awaited<ReturnType<ApiNetwork['contribute']>>

const provider = () => network.chain.provider
const send = (method: string, ...params: unknown[]) => provider().send(method, params)
const newWallet = () => new Wallet(Wallet.createRandom().privateKey)
const used = () => provider().getTransactionCount(network.relayer.address)
const isConfirmed = (one: Pick<Accepted, 'relay'>) =>
  until(
    async () => (await relayOf(api, one).catch(() => null))?.status === 'confirmed',
    `relay ${one.relay}`,
    PATIENCE,
  )

const open = () =>
  network.query<{ nonce: string }>(
    `SELECT nonce FROM "Submission" WHERE state = 'open' ORDER BY nonce, "createdAt"`,
  )

// Nothing is sent again at another price while these tests look.
const env = () => ({
  RPC_URL: rpc.url,
  RPC_TIMEOUT_MS: '60000',
  LEASE_SECONDS: '2',
  RELAY_REPRICE_SECONDS: '600',
})

async function start(): Promise<void> {
  await api?.end()
  api = await network.startApi(env())
}

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl)
  await start()
  made = await network.contribute(2)
  await caughtUp(api, await provider().getBlockNumber())
})
afterAll(async () => {
  await network?.end()
  await rpc?.end()
})

describe('a transaction that was sent elsewhere with the relayer’s key', () => {
  it('and waits for a block is not pushed aside: what is relayed comes after it, also by another replica', async () => {
    await start()
    const other = await network.startApi(env())
    await send('evm_setAutomine', false)
    const nonce = await used()
    const elsewhere = await sendElsewhere(network, nonce, '3')
    const one = await apply(network, api, newWallet())
    await until(async () => (await relayOf(api, one)).status === 'sent', 'a transaction', PATIENCE)
    expect((await open()).map((row) => Number(row.nonce))).toEqual([nonce + 1])
    await until(
      async () => (await relayOf(api, one)).waiting === 'RELAYER_NONCE_TAKEN',
      'the reason',
      PATIENCE,
    )
    const metrics = await (await fetch(`${api.url}/metrics`)).text()
    expect(metrics).toContain('granary_relayer_waiting{reason="RELAYER_NONCE_TAKEN"} 1')
    await api.end('SIGKILL')
    api = other
    const two = await withdraw(network, api, made[0]!)
    await until(async () => (await relayOf(api, one)).waiting === 'RELAYER_NONCE_TAKEN', 'it again', PATIENCE)
    await send('evm_setAutomine', true)
    await send('evm_mine')
    for (const each of [one, two]) await isConfirmed(each)
    expect((await provider().getTransactionReceipt(elsewhere))?.status).toBe(1)
    const found = await onChain(network)
    expect([one, two].map(({ about }) => found.get(about))).toEqual([1, 1])
    expect(await used()).toBe(nonce + 3)
    expect((await relayOf(api, two)).waiting).toBeNull()
  }, 240_000)

  it('and has the number of one that was noted and not sent keeps it: the message gets another', async () => {
    await send('evm_setAutomine', false)
    const nonce = await used()
    const held = rpc.hold('eth_sendRawTransaction', 'before')
    const one = await withdraw(network, api, made[1]!)
    await held.reached
    const elsewhere = await sendElsewhere(network, nonce, '300')
    await api.end('SIGKILL')
    held.letGo()
    await start()
    await until(
      async () => (await open()).some((row) => Number(row.nonce) === nonce + 1),
      'another number',
      PATIENCE,
    )
    await send('evm_setAutomine', true)
    await send('evm_mine')
    await isConfirmed(one)
    expect((await provider().getTransactionReceipt(elsewhere))?.status).toBe(1)
    expect((await onChain(network)).get(one.about)).toBe(1)
    expect(await used()).toBe(nonce + 2)
  }, 240_000)
})
