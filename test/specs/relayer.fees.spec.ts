import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { FaultyRpc } from '../support/faulty-rpc.js'
import { type Accepted, apply, onChain, relayOf, withdraw } from '../support/relay-work.js'

// Blocks that ask more for gas than the operator pays: what is accepted waits and says why, nobody is asked more often
// than at other times, and all of it lands once the price has fallen.

const PATIENCE = 60_000
const INTERVAL_MS = 500
const TICKS = 8

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess
let made: Awaited<ReturnType<ApiNetwork['contribute']>>

const send = (method: string, ...params: unknown[]) => network.chain.provider.send(method, params)
const newWallet = () => new Wallet(Wallet.createRandom().privateKey)
const asked = (method: string) => rpc.asked.get(method) ?? 0
const waits = (one: Accepted, reason: string | null) =>
  until(async () => (await relayOf(api, one)).waiting === reason, `${one.kind}: ${reason}`, PATIENCE)
const metric = async () =>
  (await (await fetch(`${api.url}/metrics`)).text())
    .split('\n')
    .find((line) => line.startsWith('granary_relayer_waiting{reason="GAS_PRICE_TOO_HIGH"}'))
const isConfirmed = (one: Accepted) =>
  until(async () => (await relayOf(api, one)).status === 'confirmed', one.relay, PATIENCE)

/** The next block asks so much, in gwei, and is there. */
async function ask(gwei: number): Promise<void> {
  await send('anvil_setNextBlockBaseFeePerGas', `0x${(BigInt(gwei) * 10n ** 9n).toString(16)}`)
  await send('evm_mine')
}

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl)
  api = await network.startApi({
    RPC_URL: rpc.url,
    RPC_TIMEOUT_MS: '30000',
    RELAY_MAX_GWEI: '20',
    RELAY_INTERVAL_MS: String(INTERVAL_MS),
  })
  made = await network.contribute(2)
  await caughtUp(api, await network.chain.provider.getBlockNumber())
})
afterAll(async () => {
  await network?.end()
  await rpc?.end()
})

describe('while a block asks more than the operator pays', () => {
  it('messages of all kinds wait and say why, and nothing is signed or tried for them', async () => {
    await ask(600)
    const [estimated, sent] = [asked('eth_estimateGas'), asked('eth_sendRawTransaction')]
    const accepted = [
      await apply(network, api, newWallet()),
      await withdraw(network, api, made[0]!),
      await apply(network, api, newWallet()),
    ]
    for (const one of accepted) await waits(one, 'GAS_PRICE_TOO_HIGH')
    expect(await metric()).toMatch(/ 1$/)
    // So often and no oftener than at other times it looks again.
    const [looked, began] = [asked('eth_getTransactionCount'), Date.now()]
    await until(() => asked('eth_getTransactionCount') >= looked + 2 * TICKS, 'looks', PATIENCE)
    expect(Date.now() - began).toBeGreaterThan((TICKS - 2) * INTERVAL_MS)
    expect(asked('eth_estimateGas')).toBe(estimated)
    expect(asked('eth_sendRawTransaction')).toBe(sent)
    expect(await network.query('SELECT 1 FROM "Submission"')).toEqual([])
    expect((await Promise.all(accepted.map((one) => relayOf(api, one)))).map(({ status }) => status)).toEqual(
      accepted.map(() => 'queued'),
    )
    await ask(1)
    for (const one of accepted) await isConfirmed(one)
    const found = await onChain(network)
    expect(accepted.map(({ about }) => found.get(about))).toEqual([1, 1, 1])
    for (const one of accepted) expect((await relayOf(api, one)).waiting).toBeNull()
    await until(async () => / 0$/.test((await metric()) ?? ''), 'the metric', PATIENCE)
  })

  it('what was sent before waits as well, is not signed again and again, and lands once', async () => {
    await send('evm_setAutomine', false)
    const one = await withdraw(network, api, made[1]!)
    await until(async () => (await relayOf(api, one)).status === 'sent', 'a transaction', PATIENCE)
    const { transaction } = await relayOf(api, one)
    await ask(600)
    await waits(one, 'GAS_PRICE_TOO_HIGH')
    expect(await metric()).toMatch(/ 1$/)
    // A message that comes meanwhile waits behind it and is told the same.
    const other = await apply(network, api, newWallet())
    await waits(other, 'GAS_PRICE_TOO_HIGH')
    const submissions = () =>
      network.query<{ hash: string }>('SELECT hash FROM "Submission" WHERE relays @> ARRAY[$1]', [one.relay])
    const before = asked('eth_sendRawTransaction')
    await until(() => asked('eth_sendRawTransaction') > before, 'a reminder', PATIENCE)
    expect(await submissions()).toEqual([{ hash: transaction }])
    await send('evm_setAutomine', true)
    await ask(1)
    for (const each of [one, other]) await isConfirmed(each)
    const found = await onChain(network)
    expect([one, other].map(({ about }) => found.get(about))).toEqual([1, 1])
    expect((await submissions()).length).toBeLessThanOrEqual(2)
  })
})
