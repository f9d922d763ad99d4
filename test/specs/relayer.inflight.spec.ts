import { randomUUID } from 'node:crypto'
import {
  type Address,
  contributionFlags,
  datasetId,
  type Hex,
  messageToJson,
  purposesToBits,
  structHash,
} from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hexlify, randomBytes, Transaction, Wallet } from 'ethers'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { FaultyRpc } from '../support/faulty-rpc.js'
import { type Accepted, apply, onChain, relayOf, sendElsewhere } from '../support/relay-work.js'

// Several transactions of the relayer on their way at once, of which some get lost, and numbers that nobody takes any more:
// every message lands once, and no number is left out.

const PATIENCE = 60_000
/** More than the relayer fills one by one. */
const MANY = 34

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess

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

interface Row {
  hash: string
  nonce: string
  state: string
  kind: string
  raw: string
}
const submissions = (where = 'TRUE') =>
  network.query<Row>(
    `SELECT hash, nonce, state, kind, raw FROM "Submission" WHERE ${where} ORDER BY nonce, "createdAt"`,
  )
const open = () => submissions(`state = 'open'`)

async function start(env: Record<string, string>): Promise<void> {
  await api?.end()
  api = await network.startApi({ RPC_URL: rpc.url, RPC_TIMEOUT_MS: '60000', LEASE_SECONDS: '2', ...env })
}

/** Contributions as the API queues them, each of an owner of its own. */
async function queueContributions(count: number): Promise<{ relay: string; dataset: string }[]> {
  const queued: { relay: string; dataset: string }[] = []
  for (let i = 0; i < count; i += 1) {
    const owner = newWallet()
    const content = hexlify(randomBytes(32)) as Hex
    const contribution = {
      ...{ owner: owner.address as Address, content, metadata: hexlify(randomBytes(32)) as Hex, pool: 1 },
      ...{ purposes: purposesToBits(['evaluation']), expires: 0, deadline: 2n ** 40n - 1n },
      flags: contributionFlags({ ask: false, rawRoot: true }),
    }
    const dataset = datasetId(contribution.owner, content)
    const signature = await network.sign(owner, 'Contribution', contribution)
    const payload = { dataset, message: messageToJson('Contribution', contribution), signature, by: 'key' }
    const relay = randomUUID()
    await network.query(
      `INSERT INTO "Relay" (id, kind, key, account, payload, status, "createdAt", "updatedAt")
      VALUES ($1, 'contribution', $2, $3, $4, 'queued', clock_timestamp() at time zone 'utc', now() at time zone 'utc')`,
      [relay, structHash('Contribution', contribution), owner.address, JSON.stringify(payload)],
    )
    queued.push({ relay, dataset })
  }
  return queued
}

const contributed = async (dataset: string) => {
  const registry = network.chain.contract('datasetRegistry')
  return registry.queryFilter(registry.filters.Contributed!(dataset), 0)
}

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl)
  await start({})
  await caughtUp(api, await provider().getBlockNumber())
})
afterAll(async () => {
  await network?.end()
  await rpc?.end()
})

describe('several transactions on their way at once', () => {
  it('of which one is lost, one is outbid and one is raised in price: all messages land once', async () => {
    await start({
      RELAY_IN_FLIGHT: '4',
      RELAY_BATCH_SIZE: '2',
      RELAY_BATCH_WAIT_MS: '0',
      RELAY_REPRICE_SECONDS: '3',
    })
    const first = await used()
    await send('evm_setAutomine', false)
    const queued = await queueContributions(12)
    const numbers = async () => new Set((await open()).map(({ nonce }) => Number(nonce)))
    await until(async () => (await numbers()).size === 4, 'four transactions', PATIENCE)
    expect([...(await numbers())]).toEqual([first, first + 1, first + 2, first + 3])
    await until(
      async () => (await open()).filter(({ nonce }) => Number(nonce) === first).length > 1,
      'a higher price for the first',
      PATIENCE,
    )
    // The node loses the second, and with it what comes after; somebody sends the third faster, with the relayer's key.
    const raws = new Map((await open()).map(({ nonce, ...row }) => [Number(nonce), row]))
    await send('anvil_dropTransaction', raws.get(first + 1)!.hash)
    const { to, data } = Transaction.from(raws.get(first + 2)!.raw)
    const faster = await sendElsewhere(network, first + 2, '400', { to: to!, data })
    await send('evm_setAutomine', true)
    await send('evm_mine')
    for (const one of queued) await isConfirmed(one)

    for (const { relay, dataset } of queued) {
      const [event, more] = await contributed(dataset)
      expect(more).toBeUndefined()
      expect(await relayOf(api, { relay })).toMatchObject({ transaction: event!.transactionHash, code: null })
    }
    expect((await provider().getTransactionReceipt(faster))?.status).toBe(1)
    expect(await open()).toEqual([])
    // In the order of their numbers, none of which is missing.
    const mined = await submissions(`state = 'mined'`)
    const last = await used()
    const taken = [...mined.map(({ nonce }) => Number(nonce)), first + 2].sort((a, b) => a - b)
    expect(taken.filter((nonce) => nonce >= first)).toEqual(
      Array.from({ length: last - first }, (_, i) => first + i),
    )
  }, 240_000)
})

describe('a number that was taken elsewhere with the relayer’s key', () => {
  it('and is lost leaves no gap that holds up what comes after it', async () => {
    await send('evm_setAutomine', false)
    const nonce = await used()
    const elsewhere = await sendElsewhere(network, nonce, '3')
    const one = await apply(network, api, newWallet())
    await until(
      async () => (await open()).some((row) => Number(row.nonce) === nonce + 1),
      'its number',
      PATIENCE,
    )
    await send('anvil_dropTransaction', elsewhere)
    await start({ RELAY_REPRICE_SECONDS: '3' })
    await until(async () => (await open()).some((row) => Number(row.nonce) === nonce), 'the gap', PATIENCE)
    await send('evm_setAutomine', true)
    await send('evm_mine')
    await isConfirmed(one)
    expect((await onChain(network)).get(one.about)).toBe(1)
    expect(await provider().getTransactionReceipt(elsewhere)).toBeNull()
    await until(async () => (await open()).length === 0, 'the end', PATIENCE)
  }, 240_000)

  it('with more of them than are filled one by one is waited for: what comes after it is not sent anew', async () => {
    await send('evm_setAutomine', false)
    const nonce = await used()
    for (let i = 0; i < MANY; i += 1) await sendElsewhere(network, nonce + i, '400')
    const one = await apply(network, api, newWallet())
    await until(
      async () => (await open()).some((row) => Number(row.nonce) === nonce + MANY),
      'its number',
      PATIENCE,
    )
    // It is time to do something about the first: those that paid less than what does nothing would have to go.
    await until(
      async () => (await submissions(`kind = 'filler' AND nonce = ${nonce}`)).length > 0,
      'a try to take the first number',
      PATIENCE,
    )
    await send('evm_setAutomine', true)
    await send('evm_mine')
    await isConfirmed(one)
    await until(async () => (await open()).length === 0, 'the end', PATIENCE)
    expect((await onChain(network)).get(one.about)).toBe(1)
    expect(await submissions(`relays @> ARRAY['${one.relay}']`)).toHaveLength(1)
    expect(await used()).toBe(nonce + MANY + 1)
  }, 240_000)
})
