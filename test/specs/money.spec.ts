import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, type Hex, type RewardsResource, splitUse } from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { EventLog } from 'ethers'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { balanceOf, codeOf, spentOf } from '../support/releases.js'
import { type ContractName, sharedWorld, waitFor } from '../support/world.js'

// Escrowed = paid to owners + treasury + custodians + refunded, to the unit.

const world = sharedWorld()
/** Divides by nothing that fees or custodians are made of. */
const PRICE = 1_000_000_000_000_000_007n
const REQUEST_SECONDS = 60

let pool: number
let alice: Actor
let anna: Actor
let trent: Actor
let request: Hex
let expires: Date
let kept: Hex[]

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
  trent = await newTrainer(world, { tokens: PRICE * 4n })
  const put = async (owner: Actor, text: string) => {
    const bytes = new TextEncoder().encode(text)
    return (await contributeBytes(owner, bytes, { pool, purposes: ['pretraining'], expires: null })).id
  }
  const withdrawn = await put(alice, 'to be withdrawn')
  kept = [await put(alice, 'one'), await put(anna, 'two'), await put(anna, 'three')]
  expires = new Date(Date.now() + REQUEST_SECONDS * 1000)
  const opened = await trent.client.requests.open({
    pool,
    purposes: ['pretraining'],
    recipient: trent.recipient,
    expires,
  })
  request = opened.request
  await alice.client.datasets.withdraw(withdrawn)
  const fetched = await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
  expect(fetched.files).toHaveLength(3)
  await waitFor('the settlement', async () => {
    await trent.client.settle()
    return (await spentOf(world, request)) === PRICE * 3n
  })
}, 240_000)

/** All events of one kind since the deployment, up to a block. */
async function events(name: ContractName, event: string, block: number): Promise<EventLog[]> {
  const contract = world.contract(name)
  const { startBlock } = world.deployment
  return (await contract.queryFilter(contract.filters[event]!(), startBlock, block)) as EventLog[]
}
const balanceAt = (account: string, blockTag: number): Promise<bigint> =>
  world.contract('token').getFunction('balanceOf')(account, { blockTag })
const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)

describe('one request with three of four datasets used', () => {
  it('gives nothing back before its end', async () => {
    expect(await codeOf(trent.client.requests.refund(request))).toBe('REQUEST_NOT_REFUNDABLE')
    expect(await balanceOf(world, trent.address)).toBe(0n)
  })

  it('pays each owner the price less the fees, each use by itself', async () => {
    const owner = splitUse({
      price: PRICE,
      treasuryBps: 500,
      custodiansBps: 1000,
      custodians: [],
      owner: alice.address,
      treasury: world.council.wallet.address as Address,
    }).get(alice.address)!
    // The uses may be settled in several settlements, which the API reads one by one.
    await waitFor('the rewards', async () => {
      const earned = [alice, anna].map((one) => one.client.rewards.get(one.address))
      return sum((await Promise.all(earned)).map((one) => BigInt(one.earned))) === owner * 3n
    })
    await alice.client.rewards.claim(alice.address)
    await anna.client.rewards.claim(anna.address)
    expect(await balanceOf(world, alice.address)).toBe(owner)
    expect(await balanceOf(world, anna.address)).toBe(owner * 2n)
    for (const id of kept)
      expect(await alice.client.datasets.get(id)).toMatchObject({ uses: 1, earned: String(owner) })
  })

  it('gives the price of the fourth back when it is final, to its trainer, once', async () => {
    await sleep(Math.max(0, expires.getTime() - Date.now()))
    await waitFor('the end of the request', async () => {
      await trent.client.settle()
      return ['final', 'refunded'].includes((await trent.client.requests.get(request)).status)
    })
    const { amount } = await alice.client.requests.refund(request) // anybody may ask
    expect(amount).toBe(PRICE)
    expect(await balanceOf(world, trent.address)).toBe(PRICE)
    expect(await codeOf(trent.client.requests.refund(request))).not.toBe('nothing was refused')
    expect(await balanceOf(world, trent.address)).toBe(PRICE)
  })
})

// Custodians settle by their own timers what earlier specs left: everything is read as of one block.
describe('all requests there ever were', () => {
  it('escrowed = paid into rewards + refunded + still held', async () => {
    const block = await world.provider.getBlockNumber()
    const opened = await events('accessRequests', 'RequestOpened', block)
    const spent = await events('accessRequests', 'RequestSpent', block)
    const refunded = await events('accessRequests', 'RequestRefunded', block)
    const escrowed = sum(opened.map(({ args }) => (args.price as bigint) * (args.count as bigint)))
    const held = await balanceAt(world.deployment.accessRequests, block)
    expect(escrowed).toBe(
      sum(spent.map(({ args }) => args.amount)) + sum(refunded.map(({ args }) => args.amount)) + held,
    )
  })

  it('paid into rewards = earned by owners, treasury and custodians; claimed and unclaimed', async () => {
    const rewards = world.contract('rewardPool')
    let block = 0
    let earned: RewardsResource[] = []
    await waitFor('the API to show the rewards of one block', async () => {
      block = await world.provider.getBlockNumber()
      const contributed = await events('datasetRegistry', 'Contributed', block)
      const { committee } = await alice.client.network()
      const accounts = new Set<string>([
        await rewards.getFunction('treasury')(),
        ...committee!.members.map(({ account }) => account),
        ...contributed.map(({ args }) => args.owner as string),
      ])
      earned = await Promise.all([...accounts].map((account) => alice.client.rewards.get(account as Address)))
      const root = await rewards.getFunction('root')({ blockTag: block })
      return earned.every((one) => one.root === root)
    })
    const at = { blockTag: block }
    const [total, claimed] = [
      await rewards.getFunction('total')(at),
      await rewards.getFunction('totalClaimed')(at),
    ]
    const spent = await events('accessRequests', 'RequestSpent', block)
    expect(total).toBe(sum(spent.map(({ args }) => args.amount)))
    expect(await balanceAt(world.deployment.rewardPool, block)).toBe(total - claimed)
    expect(sum(earned.map((one) => BigInt(one.earned)))).toBe(total)
  })
})
