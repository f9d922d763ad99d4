// The committee as it stands on chain: who is a member of which epoch, and which epoch is current.
import { type Address, committeeId, GranaryError, type Hex } from '@granary/protocol'
import type { Chain, View } from '../chain/chain.js'
import type { Contracts, EpochMember, EpochRecord } from '../chain/contracts.js'

/** An active epoch. A member's index is its place in `members` plus one. */
export interface Epoch {
  readonly number: number
  readonly threshold: number
  readonly groupKey: Hex
  readonly transcript: Hex
  readonly members: readonly EpochMember[]
  readonly verifyingShares: readonly Hex[]
}

/** A proposed epoch that is not active yet. */
export interface ProposedEpoch {
  readonly number: number
  readonly threshold: number
  readonly members: readonly EpochMember[]
}

/** Active epochs never change, so each is read once. Facts are confirmed ones (see Chain). */
export class Committee {
  #chain: Chain
  #contracts: Contracts
  #epochs = new Map<number, Epoch>()
  #current = 0

  constructor(chain: Chain, contracts: Contracts) {
    this.#chain = chain
    this.#contracts = contracts
  }

  /** The current epoch as last read, 0 before the first. */
  get current(): number {
    return this.#current
  }

  /** The active epochs read so far. */
  get known(): ReadonlyMap<number, Epoch> {
    return this.#epochs
  }

  /** Reads the number of the current epoch. */
  async readCurrent(view: View): Promise<number> {
    const [current] = await view.confirmed([this.#contracts.currentEpoch()])
    this.#current = current ?? 0
    return this.#current
  }

  /**
   * An active epoch.
   * @throws GranaryError EPOCH_UNKNOWN when there is none of this number or it is not active
   */
  async epoch(number: number, view?: View): Promise<Epoch> {
    const known = this.#epochs.get(number)
    if (known !== undefined) return known
    const [record] = await (view ?? (await this.#chain.view())).confirmed([this.#contracts.epoch(number)])
    if (record === null || !record.active) throw new GranaryError('EPOCH_UNKNOWN', { epoch: number })
    const epoch = { number, ...pick(record) }
    this.#epochs.set(number, epoch)
    return epoch
  }

  /** The newest proposed epoch in which `account` is listed and which may still become active. */
  async proposedFor(account: Address, view: View): Promise<ProposedEpoch | undefined> {
    const [count, current] = await view.confirmed([
      this.#contracts.epochCount(),
      this.#contracts.currentEpoch(),
    ])
    for (let number = count ?? 0; number > (current ?? 0); number--) {
      const [record] = await view.confirmed([this.#contracts.epoch(number)])
      if (record === null || record.active) continue
      if (!record.members.some((member) => member.account === account)) continue
      return { number, threshold: record.threshold, members: record.members }
    }
    return undefined
  }
}

/** The name of an epoch's key in sealed files. */
export function keyName(epoch: Epoch): string {
  return committeeId(epoch.groupKey)
}

function pick({ threshold, groupKey, transcript, members, verifyingShares }: EpochRecord) {
  return { threshold, groupKey, transcript, members, verifyingShares }
}
