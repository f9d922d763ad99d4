import { purposesToBits } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { FaultyRpc, type Held } from '../support/faulty-rpc.js'
import {
  type Accepted,
  apply,
  onChain,
  relayOf,
  sendConsent,
  tokenOf,
  withdraw,
} from '../support/relay-work.js'

// The last of the operator's gas, for which many ask at once at two replicas: what is taken is what there is gas for,
// and not one message more. A message that waits counts as 100,000 gas.

const PATIENCE = 60_000
const ACCOUNT = 3
const TOTAL = 10

let network: ApiNetwork
let rpc: FaultyRpc
let apis: [ApiProcess, ApiProcess]
let held: Held
let made: Awaited<ReturnType<ApiNetwork['contribute']>>
const accepted: Accepted[] = []

const env = () => ({
  RPC_URL: rpc.url,
  RPC_TIMEOUT_MS: '120000',
  // The last that is taken may go beyond a limit, the one after it is not.
  RELAY_ACCOUNT_GAS_PER_DAY: String(ACCOUNT * 100_000 - 1),
  RELAY_GAS_PER_DAY: String(TOTAL * 100_000 - 1),
})
const newWallet = () => new Wallet(Wallet.createRandom().privateKey)

/** Asks for all at once, by turns at both; what was taken, and of the rest the code. */
async function race(wishes: ((api: ApiProcess) => Promise<Accepted>)[]) {
  const asked = await Promise.allSettled(wishes.map((wish, place) => wish(apis[place % 2]!)))
  const taken = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const codes = asked.flatMap((one) => (one.status === 'rejected' ? [codeIn(one.reason)] : []))
  accepted.push(...taken)
  return { taken, codes: [...new Set(codes)] }
}
const codeIn = (reason: Error) => /[A-Z_]*LIMIT/.exec(reason.message)?.[0] ?? reason.message

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl)
  apis = [await network.startApi(env()), await network.startApi(env())]
  made = await network.contribute(3)
  for (const api of apis) await caughtUp(api, await network.chain.provider.getBlockNumber())
  // Nothing is sent, so that all that is taken counts as what it may take.
  held = rpc.hold('eth_estimateGas', 'before')
})
afterAll(async () => {
  await network?.end()
  await rpc?.end()
})

describe('the last of the gas', () => {
  it('of one account goes to as many of its messages as it is enough for, however many come at once', async () => {
    const { id, owner } = made[0]!
    const token = await tokenOf(apis[0], owner)
    const issued = Math.floor(Date.now() / 1000) - 100
    const purposes = purposesToBits(['fine-tuning'])
    const changes = Array.from({ length: 12 }, (_, i) => ({
      ...{ dataset: id, purposes, expires: 0, ask: false, issued: issued + i, deadline: 2n ** 40n - 1n },
    }))
    const { taken, codes } = await race(
      changes.map((each) => (api: ApiProcess) => sendConsent(network, api, owner, each, token)),
    )
    expect(codes).toEqual(['RELAY_ACCOUNT_LIMIT'])
    expect(taken).toHaveLength(ACCOUNT)
    // What was taken before is answered again.
    const known = await race(
      changes.map((each) => (api: ApiProcess) => sendConsent(network, api, owner, each, token)),
    )
    expect(known.taken.map(({ relay }) => relay).sort()).toEqual(taken.map(({ relay }) => relay).sort())
    accepted.splice(ACCOUNT)
  })

  it('of all goes to as many as it is enough for, whoever they are; who withdraws is not stopped', async () => {
    const { taken, codes } = await race(
      Array.from({ length: 20 }, () => (api: ApiProcess) => apply(network, api, newWallet())),
    )
    expect(codes).toEqual(['RELAY_TOTAL_LIMIT'])
    expect(taken).toHaveLength(TOTAL - ACCOUNT)
    const { taken: withdrawn } = await race(
      made.slice(1).map((dataset) => (api: ApiProcess) => withdraw(network, api, dataset)),
    )
    expect(withdrawn).toHaveLength(2)
  })

  it('is counted once for each message that was taken, as what it took', async () => {
    held.letGo()
    for (const one of accepted) {
      const isDecided = async () => ['confirmed', 'refused'].includes((await relayOf(apis[0], one)).status)
      await until(() => isDecided().catch(() => false), one.relay, PATIENCE)
    }
    const found = await onChain(network)
    for (const { kind, about } of accepted)
      expect(found.get(about)).toBe(kind === 'consent-update' ? ACCOUNT : 1)
    const [{ spent }] = (await network.query<{ spent: string }>(
      'SELECT sum("gasUsed" / batch)::text AS spent FROM "Relay"',
    )) as [{ spent: string }]
    const rows = await network.query<{ transaction: string }>('SELECT DISTINCT transaction FROM "Relay"')
    const used = await Promise.all(
      rows.map(({ transaction }) => network.chain.provider.getTransactionReceipt(transaction)),
    )
    const sum = used.reduce((all, receipt) => all + Number(receipt!.gasUsed), 0)
    expect(Math.abs(sum - Number(spent))).toBeLessThan(accepted.length)
    // They took less than was thought, so there is room for more.
    expect(sum).toBeLessThan(TOTAL * 100_000)
    await until(
      () =>
        apply(network, apis[1], newWallet()).then(
          () => true,
          () => false,
        ),
      'room for one more',
      PATIENCE,
    )
  })
})
