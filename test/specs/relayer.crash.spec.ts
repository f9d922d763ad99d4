import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'
import { FaultyRpc } from '../support/faulty-rpc.js'
import {
  type Accepted,
  apply,
  onChain,
  relayOf,
  tokenOf,
  updateConsent,
  withdraw,
} from '../support/relay-work.js'

// The API is killed at every point in a message's life at which it has done one thing and not yet the next. Whoever goes
// on, itself or another replica: each message lands once, is paid for once and is answered once.

const PATIENCE = 60_000

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess
let made: Awaited<ReturnType<ApiNetwork['contribute']>>

// Who waits for a held answer is to be killed while it waits.
const env = () => ({ RPC_URL: rpc.url, RPC_TIMEOUT_MS: '60000', LEASE_SECONDS: '2' })
const provider = () => network.chain.provider
const sent = () => provider().getTransactionCount(network.relayer.address)

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl)
  api = await network.startApi(env())
  made = await network.contribute(2 * POINTS.length)
  await caughtUp(api, await provider().getBlockNumber())
})
afterAll(async () => {
  await network?.end()
  await rpc?.end()
})

/** Arranges that the relayer gets no further than a point: when it is there, and how it is let go after its death. */
type Stop = () => Promise<{ reached: () => Promise<void>; undo: () => Promise<void> }>

const held =
  (...what: Parameters<FaultyRpc['hold']>): Stop =>
  async () => {
    const hold = rpc.hold(...what)
    return { reached: () => hold.reached, undo: async () => hold.letGo() }
  }

/** The database refuses to have any message confirmed. */
const unsettled: Stop = async () => {
  await network.query('CREATE SEQUENCE settling')
  await network.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM nextval('settling'); RAISE EXCEPTION 'not now'; END $$`)
  await network.query(`CREATE TRIGGER refuse BEFORE UPDATE ON "Relay" FOR EACH ROW
    WHEN (NEW.status = 'confirmed') EXECUTE FUNCTION refuse()`)
  const isMet = async () =>
    (await network.query<{ is_called: boolean }>('SELECT is_called FROM settling'))[0]!.is_called
  return {
    reached: () => until(isMet, 'an attempt to settle', PATIENCE),
    undo: async () => {
      await network.query('DROP TRIGGER refuse ON "Relay"')
      await network.query('DROP FUNCTION refuse')
      await network.query('DROP SEQUENCE settling')
    },
  }
}

/** What is settled is written down and nobody has asked. */
const untold: Stop = async () => {
  const block = await provider().getBlockNumber()
  const isSettled = async () =>
    (await network.query('SELECT 1 FROM "Relay" WHERE status = $1 AND block > $2', ['confirmed', block]))
      .length > 0
  return { reached: () => until(isSettled, 'a settled message', PATIENCE), undo: async () => {} }
}

const POINTS: [string, 'itself' | 'another replica', Stop][] = [
  [
    'after a message was accepted, before it has a number',
    'itself',
    held('eth_getTransactionCount', 'before'),
  ],
  ['after it has a number, before it is signed', 'another replica', held('eth_estimateGas', 'after')],
  [
    'after its transaction was signed and noted, before it is sent',
    'itself',
    held('eth_sendRawTransaction', 'before'),
  ],
  [
    'after its transaction was signed and noted, before it is sent',
    'another replica',
    held('eth_sendRawTransaction', 'before'),
  ],
  ['after the node has taken it, before it says so', 'itself', held('eth_sendRawTransaction', 'after')],
  [
    'after it is in a block, before the relayer knows',
    'another replica',
    held('eth_getTransactionReceipt', 'after', (receipt) => receipt !== null),
  ],
  ['after the relayer knows, before that is written down', 'itself', unsettled],
  ['after that is written down, before anybody was told', 'another replica', untold],
]

interface Row {
  status: string
  transaction: string
  gasUsed: string
  batch: number
}

describe('an API that is killed', () => {
  it.each(POINTS)('%s, is followed by %s: each message lands once', async (_, follower, stop) => {
    const [first, second] = made.splice(0, 2) as [(typeof made)[number], (typeof made)[number]]
    const other = follower === 'another replica' ? await network.startApi(env()) : undefined
    const before = await sent()
    const token = await tokenOf(api, second.owner)
    const { reached, undo } = await stop()
    const accepted: Accepted[] = await Promise.all([
      withdraw(network, api, first),
      apply(network, api, new Wallet(Wallet.createRandom().privateKey)),
      updateConsent(network, api, second, token),
    ])
    await reached()
    await api.end('SIGKILL')
    await undo()
    api = other ?? (await network.startApi(env()))
    for (const one of accepted) {
      const isDecided = async () => ['confirmed', 'refused'].includes((await relayOf(api, one)).status)
      await until(() => isDecided().catch(() => false), `relay ${one.relay}`, PATIENCE)
    }

    const answers = await Promise.all(accepted.map((one) => relayOf(api, one)))
    expect(answers.map(({ status, code }) => [status, code])).toEqual(accepted.map(() => ['confirmed', null]))
    const found = await onChain(network)
    expect(accepted.map(({ about }) => found.get(about))).toEqual([1, 1, 1])
    // Nothing else was sent, and all that was is accounted for, once.
    const transactions = [...new Set(answers.map(({ transaction }) => transaction!))]
    const after = await sent()
    expect(after - before).toBe(transactions.length)
    const rows = await network.query<Row>(
      'SELECT status, transaction, "gasUsed", batch FROM "Relay" WHERE id = ANY($1)',
      [accepted.map(({ relay }) => relay)],
    )
    for (const transaction of transactions) {
      const { gasUsed, status } = (await provider().getTransactionReceipt(transaction))!
      const sharing = rows.filter((row) => row.transaction === transaction)
      expect(status).toBe(1)
      expect(sharing.map((row) => [row.gasUsed, row.batch])).toEqual(
        sharing.map(() => [gasUsed.toString(), sharing.length]),
      )
    }
    // Whoever was not answered asks again, and is told of the same.
    expect((await withdraw(network, api, first)).relay).toBe(accepted[0]!.relay)
    expect(await network.query(`SELECT 1 FROM "Submission" WHERE state = 'open'`)).toEqual([])
  })
})
