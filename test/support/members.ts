import { type Actor, contributeBytes, memorySink, newTrainer } from './actors.js'
import { spentOf } from './releases.js'
import { type World, waitFor } from './world.js'

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
