import type { DatasetResource, Hex, PurposeName } from '@granary/protocol'
import { expect } from '@jest/globals'
import { parseEther } from 'ethers'
import { type Actor, contributeBytes, newContributor, newStranger, newTrainer } from './actors.js'
import { ledgers, openRaw, refusalBy, signedOrder, spentOf } from './releases.js'
import type { World } from './world.js'

export const PRICE = parseEther('1')

export interface Wish {
  /** default: evaluation */
  purposes?: PurposeName[]
  /** default: until withdrawn */
  expires?: Date | null
  bytes?: Uint8Array
}

/** A pool with Alice, Trent and Mallory, for what must not happen: refused with its own code and without a trace. */
export interface Stage {
  pool: number
  alice: Actor
  mallory: Actor
  trent: Actor
  /** A dataset of Alice's that nothing else touches. */
  aDataset(wish?: Wish): Promise<DatasetResource>
  /** A request of Trent's for datasets that the API would not have proposed, and an order for them. */
  anOrder(
    datasets: DatasetResource[],
    trainer?: Actor,
    purposes?: PurposeName[],
  ): Promise<{
    request: Hex
    /** all leaves, ascending */
    manifest: Hex[]
    datasets: DatasetResource[]
    order: () => ReturnType<typeof signedOrder>
  }>
  /** All three custodians say this code; no ledger grows, nothing is spent. */
  refuses(order: unknown, code: string, request: Hex): Promise<void>
}

export async function setStage(world: World): Promise<Stage> {
  const pool = await world.createPool({ price: PRICE })
  const [alice, mallory, trent] = [
    await newContributor(world),
    await newStranger(world),
    await newTrainer(world),
  ]
  let count = 0
  return {
    pool,
    alice,
    mallory,
    trent,
    async aDataset({ purposes = ['evaluation'], expires = null, bytes } = {}) {
      count += 1
      const content = bytes ?? new TextEncoder().encode(`dataset ${count} of ${alice.address}`)
      const { id } = await contributeBytes(alice, content, { pool, purposes, expires })
      return alice.client.datasets.get(id)
    },
    async anOrder(datasets, trainer = trent, purposes = ['evaluation']) {
      const sorted = [...datasets].sort((a, b) => (a.id < b.id ? -1 : 1))
      const manifest = sorted.map(({ id }) => id as Hex)
      const request = await openRaw(world, trainer, { pool, purposes, datasets: manifest })
      const order = () => signedOrder(world, trainer, { request, datasets: sorted, manifest })
      return { request, manifest, datasets: sorted, order }
    },
    async refuses(order, code, request) {
      const before = await ledgers(world)
      expect(await refusalBy(world, order)).toBe(code)
      expect(await ledgers(world)).toEqual(before)
      expect(await spentOf(world, request)).toBe(0n)
    },
  }
}
