import { purposesToBits } from '@granary/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { FaultyRpc, type Held } from '../support/faulty-rpc.js'
import { type Accepted, onChain, relayOf, sendConsent, tokenOf, withdraw } from '../support/relay-work.js'

// A message that comes to the chain by two ways, relayed here and sent by its owner or by another operator: it counts
// once, and its signer is told that it is there, not that it was refused.

const CONFIRMATIONS = 4
const PATIENCE = 60_000

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess
let made: Awaited<ReturnType<ApiNetwork['contribute']>>

const send = (method: string, ...params: unknown[]) => network.chain.provider.send(method, params)
const head = () => network.chain.provider.getBlockNumber()
const env = () => ({ RPC_URL: rpc.url, RPC_TIMEOUT_MS: '30000', CONFIRMATIONS: String(CONFIRMATIONS) })

/** What the database says of a relay, before anybody can see it in the tables of the chain. */
const rowOf = async ({ relay }: Accepted) =>
  (
    await network.query<{ status: string; transaction: string | null; code: string | null }>(
      'SELECT status, transaction, code FROM "Relay" WHERE id = $1',
      [relay],
    )
  )[0]!
const ends = (one: Accepted) =>
  until(async () => ['confirmed', 'refused'].includes((await rowOf(one)).status), one.relay, PATIENCE)
/** As many blocks as it takes until the tables have what is in the newest. */
async function bury(): Promise<void> {
  await send('anvil_mine', `0x${(CONFIRMATIONS + 1).toString(16)}`)
  await caughtUp(api, (await head()) - CONFIRMATIONS, PATIENCE)
}

/** Somebody else sends a batch to the registry; answers its transaction. */
async function elsewhere(method: string, message: object, signature: string): Promise<string> {
  await network.chain.asCouncilUnlimited('datasetRegistry', method, [message], [signature])
  return (await network.chain.provider.getBlock('latest'))!.transactions[0]!
}

async function events(name: string, dataset: string): Promise<string[]> {
  const contract = network.chain.contract('datasetRegistry')
  const found = await contract.queryFilter(contract.filters[name]!(dataset), 0)
  return found.map(({ transactionHash }) => transactionHash)
}

const history = async (dataset: string): Promise<string[]> => {
  const answer = await fetch(`${api.url}/v1/datasets/${dataset}/history`)
  return ((await answer.json()) as { items: { type: string }[] }).items.map(({ type }) => type)
}

/** A change of consent as it is signed, `age` seconds ago. */
function change(dataset: string, purpose: 'evaluation' | 'fine-tuning', age: number) {
  const issued = Math.floor(Date.now() / 1000) - age
  const purposes = purposesToBits([purpose])
  return { dataset, purposes, expires: 0, ask: false, issued, deadline: 2n ** 40n - 1n }
}

/** Everything that is relayed stands still before the chain hears of it. */
const stopped = (): Held => rpc.hold('eth_estimateGas', 'before')

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl)
  api = await network.startApi(env())
  made = await network.contribute(6)
  await bury()
})
afterEach(() => network.chain.provider.send('evm_setAutomine', [true]))
afterAll(async () => {
  await network?.end()
  await rpc?.end()
})

describe('a change of consent', () => {
  it('is refused with the reason when a newer one, and not itself, came there first', async () => {
    const [dataset] = made as [(typeof made)[number]]
    const token = await tokenOf(api, dataset.owner)
    const [older, newer] = [change(dataset.id, 'fine-tuning', 20), change(dataset.id, 'evaluation', 10)]
    const held = stopped()
    const one = await sendConsent(network, api, dataset.owner, older, token)
    await held.reached
    await elsewhere(
      'updateConsent',
      newer,
      await network.sign(dataset.owner, 'ConsentUpdate', newer as never),
    )
    held.letGo()
    await ends(one)
    expect(await rowOf(one)).toMatchObject({ status: 'refused', code: 'CONSENT_OUTDATED' })
    expect(await events('ConsentUpdated', dataset.id)).toHaveLength(1)
  })

  it('that its owner sent as well is on chain once and counts as relayed, also before the feed has read it', async () => {
    const dataset = made[1]!
    const token = await tokenOf(api, dataset.owner)
    const update = change(dataset.id, 'fine-tuning', 10)
    const held = stopped()
    const one = await sendConsent(network, api, dataset.owner, update, token)
    await held.reached
    const signature = await network.sign(dataset.owner, 'ConsentUpdate', update as never)
    const transaction = await elsewhere('updateConsent', update, signature)
    held.letGo()
    await ends(one)
    expect(await rowOf(one)).toEqual({ status: 'confirmed', transaction, code: null })
    await bury()
    expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed', transaction, code: null })
    expect(await events('ConsentUpdated', dataset.id)).toEqual([transaction])
    expect(await history(dataset.id)).toEqual(['consent-updated', 'contributed'])
    // The same once more is answered with the same relay, and nothing is sent.
    const sent = await network.chain.provider.getTransactionCount(network.relayer.address)
    expect((await sendConsent(network, api, dataset.owner, update, token)).relay).toBe(one.relay)
    expect(await network.chain.provider.getTransactionCount(network.relayer.address)).toBe(sent)
  })

  it('that was found in a block which the chain takes back comes there by the relayer', async () => {
    const dataset = made[2]!
    const token = await tokenOf(api, dataset.owner)
    const update = change(dataset.id, 'fine-tuning', 10)
    const held = stopped()
    const one = await sendConsent(network, api, dataset.owner, update, token)
    await held.reached
    const before = await send('evm_snapshot')
    const signature = await network.sign(dataset.owner, 'ConsentUpdate', update as never)
    const lost = await elsewhere('updateConsent', update, signature)
    network.chain.council.reset()
    held.letGo()
    await ends(one)
    expect(await rowOf(one)).toMatchObject({ status: 'confirmed', transaction: lost })
    expect(await send('evm_revert', before)).toBe(true)
    expect(await events('ConsentUpdated', dataset.id)).toEqual([])
    await send('anvil_mine', `0x${(CONFIRMATIONS + 2).toString(16)}`)
    await until(async () => (await events('ConsentUpdated', dataset.id)).length === 1, 'it again', PATIENCE)
    const [transaction] = await events('ConsentUpdated', dataset.id)
    await until(async () => (await rowOf(one)).transaction === transaction, 'its answer', PATIENCE)
    await bury()
    expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed', transaction })
  })
})

describe('a withdrawal', () => {
  it('that its owner sent as well ends the consent once, and its relay is confirmed', async () => {
    const dataset = made[3]!
    const held = stopped()
    const one = await withdraw(network, api, dataset)
    await held.reached
    const { owner, content } = dataset
    const message = { owner: owner.address, content }
    const first = await elsewhere(
      'withdraw',
      message,
      await network.sign(owner, 'Withdrawal', message as never),
    )
    held.letGo()
    await ends(one)
    await bury()
    expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed', code: null })
    expect(await events('Withdrawn', dataset.id)).toEqual([first])
    expect((await onChain(network)).get(dataset.id)).toBe(1)
    expect(await history(dataset.id)).toEqual(['withdrawn', 'contributed'])
  })

  it('is told once, also of a registry that says it again for whoever sends it again', async () => {
    const { id } = made[3]!
    await network.query(
      `INSERT INTO "ChainEvent" (position, block, transaction, time, contract, name, args, dataset)
      SELECT position + 1, block, transaction, time, contract, name, args, dataset FROM "ChainEvent"
      WHERE dataset = $1 AND name = 'Withdrawn'`,
      [id],
    )
    expect(await history(id)).toEqual(['withdrawn', 'contributed'])
  })

  it('whose transaction was replaced by one that pays more is there once, whichever of them a block takes', async () => {
    const dataset = made[4]!
    await send('evm_setAutomine', false)
    const one = await withdraw(network, api, dataset)
    await until(async () => (await rowOf(one)).transaction !== null, 'the first price', PATIENCE)
    const { transaction: first } = await rowOf(one)
    const raw = (
      await network.query<{ raw: string }>('SELECT raw FROM "Submission" WHERE hash = $1', [first])
    )[0]!.raw
    // It has waited for long.
    await network.query(
      `UPDATE "Submission" SET "createdAt" = "createdAt" - interval '1 day' WHERE hash = $1`,
      [first],
    )
    await until(async () => (await rowOf(one)).transaction !== first, 'the second price', PATIENCE)
    const { transaction: second } = await rowOf(one)
    const held = rpc.hold('eth_sendRawTransaction', 'before')
    await send('anvil_dropTransaction', second)
    // The relayer may have sent it again already, before it was held.
    await send('eth_sendRawTransaction', raw).catch((error) => {
      if (!/already imported/.test(String(error))) throw error
    })
    await send('evm_mine')
    held.letGo()
    await send('evm_setAutomine', true)
    await ends(one)
    await bury()
    const [taken] = await events('Withdrawn', dataset.id)
    expect([first, second]).toContain(taken)
    expect(await relayOf(api, one)).toMatchObject({ status: 'confirmed', transaction: taken })
    expect((await onChain(network)).get(dataset.id)).toBe(1)
    const states = await network.query<{ state: string }>(
      'SELECT state FROM "Submission" WHERE relays @> ARRAY[$1] ORDER BY state',
      [one.relay],
    )
    expect(states.map(({ state }) => state)).toEqual(['mined', 'void'])
  })
})

it('a message that is asked for twice at once is queued once', async () => {
  const dataset = made[5]!
  const token = await tokenOf(api, dataset.owner)
  const update = change(dataset.id, 'fine-tuning', 10)
  const asked = await Promise.all(
    Array.from({ length: 8 }, () => sendConsent(network, api, dataset.owner, update, token)),
  )
  expect(new Set(asked.map(({ relay }) => relay)).size).toBe(1)
  await ends(asked[0]!)
  expect((await onChain(network)).get(dataset.id)).toBe(1)
})
