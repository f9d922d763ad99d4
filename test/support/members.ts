import type { Page } from 'playwright-core'
import { type Actor, contributeBytes, memorySink, newTrainer } from './actors.js'
import { spentOf } from './releases.js'
import { type OwnWorld, startWorld, type World, waitFor } from './world.js'

/**
 * Has the data of each owner used once at `price` and claims what that earned: the only way to votes. One request, one
 * trainer, a pool of its own.
 */
export async function earn(world: World, owners: readonly Actor[], price: bigint): Promise<void> {
  const pool = await world.createPool({ price })
  for (const owner of owners)
    await contributeBytes(owner, new TextEncoder().encode(`${owner.name} ${Math.random()}`), {
      pool,
      purposes: ['evaluation'],
      expires: null,
    })
  const trent = await newTrainer(world, { tokens: price * BigInt(owners.length) })
  const { recipient, identity } = trent
  const { request } = await trent.client.requests.open({ pool, purposes: ['evaluation'], recipient })
  await trent.client.fetch(request, { identity, sink: memorySink() })
  await waitFor('the uses settled', async () => {
    await trent.client.settle()
    return (await spentOf(world, request)) === price * BigInt(owners.length)
  })
  for (const owner of owners) {
    await waitFor(`the reward of ${owner.name}`, async () => {
      return BigInt((await owner.client.rewards.get(owner.address)).claimable) > 0n
    })
    await owner.client.rewards.claim(owner.address)
  }
}

/** The same, and joins: somebody who may vote. */
export async function makeMembers(world: World, owners: readonly Actor[], price: bigint): Promise<void> {
  await earn(world, owners, price)
  for (const owner of owners) await owner.client.governance.join()
}

/**
 * Seconds that a vote lasts where a page is tested: longer than any of it takes on a busy machine. Two of them are less than
 * the hour for which what people sign is good.
 */
const VOTING_SECONDS = 900
/** How long what was queued waits on the embedded network, and one more. */
const DELAY_SECONDS = 6

/**
 * A world whose votes end when the spec says so. Its chain has a block a second: where it is ahead of the machine, time goes
 * by its blocks alone.
 */
export async function startVotingWorld(): Promise<OwnWorld> {
  const world = await startWorld({ args: ['--port', '0', '--voting-period', String(VOTING_SECONDS)] })
  await world.provider.send('evm_setIntervalMining', [1])
  return world
}

/** Ends each vote that has begun. */
export const endVote = (world: World, ...pages: Page[]): Promise<void> =>
  passTime(world, pages, VOTING_SECONDS + 1)

/** Lets what is queued be carried out. */
export const endDelay = (world: World, ...pages: Page[]): Promise<void> =>
  passTime(world, pages, DELAY_SECONDS)

/** Moves the chain's clock and those of the browsers, which would otherwise wait for it. */
async function passTime(world: World, pages: readonly Page[], seconds: number): Promise<void> {
  await world.provider.send('evm_increaseTime', [seconds])
  await world.provider.send('evm_mine', [])
  for (const page of pages) {
    await page.addInitScript(advance, seconds)
    await page.evaluate(advance, seconds)
  }
}

/** Runs in the page. */
function advance(seconds: number): void {
  const before = Date.now
  Date.now = () => before() + seconds * 1_000
}
