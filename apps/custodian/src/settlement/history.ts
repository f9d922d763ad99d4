// Follows the settlements that stand on chain: what was settled, and the totals on which the next one builds. A voided
// settlement does not stand: its uses are due again.
import {
  type Address,
  GranaryError,
  type Hex,
  rewardTree,
  type SettlementDocument,
  ZERO_BYTES32,
} from '@granary/protocol'
import type { View } from '../chain/chain.js'
import type { Contracts } from '../chain/contracts.js'
import { Mutex } from '../state/mutex.js'
import type { Position } from './compose.js'
import type { Documents } from './documents.js'
import type { Uses } from './uses.js'

interface HistoryParts {
  contracts: Contracts
  documents: Documents
  uses: Uses
  /** Base URLs that may serve documents which are missing here. */
  sources: () => Promise<readonly string[]>
  /** Settlements do not stand any more: receipts and requests are read again from disk. */
  onReset: () => Promise<void>
}

/** The position is at the last settlement that stands at a confirmed block. */
export class History {
  #parts: HistoryParts
  #one = new Mutex()
  #totals = new Map<Address, bigint>()
  #digests: Hex[] = []
  #total = 0n
  #voidings = 0

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  get position(): Position {
    const document = this.#digests.at(-1) ?? ZERO_BYTES32
    const { length: number } = this.#digests
    return { number, document, total: this.#total, totals: this.#totals, voidings: this.#voidings }
  }

  /** The digest of settlement `number`'s document, undefined when none of this number stands. */
  digest(number: number): Hex | undefined {
    return this.#digests[number - 1]
  }

  /**
   * Catches up with the chain. Fetches documents that are missing, checks each against its digest and the result
   * against the root on chain.
   *
   * @throws GranaryError SETTLEMENT_DOCUMENT_UNAVAILABLE, REWARDS_MISMATCH
   */
  sync(view: View): Promise<Position> {
    return this.#one.run(() => this.#sync(view))
  }

  async #sync(view: View): Promise<Position> {
    const { contracts } = this.#parts
    const [number, document, root, voidings] = await view.confirmed([
      contracts.settlements(),
      contracts.document(),
      contracts.root(),
      contracts.voidings(),
    ])
    if (number === null || document === null || voidings === null) throw new GranaryError('CHAIN_UNAVAILABLE')
    this.#voidings = voidings
    if (document === this.position.document) return this.position
    const missing = await this.#missing(number, document)
    for (const { digest, found } of missing) this.#apply(digest, found)
    const tree = rewardTree([...this.#totals].map(([account, total]) => ({ account, total })))
    if (this.#digests.length !== number || (number > 0 && tree.root !== root) || tree.total !== this.#total) {
      await this.#reset()
      throw new GranaryError('REWARDS_MISMATCH', { number })
    }
    return this.position
  }

  /**
   * The documents between this position and `tip`, oldest first. Where the position does not stand any more (voided, or
   * the chain went back) everything begins from nothing.
   */
  async #missing(number: number, tip: Hex): Promise<{ digest: Hex; found: SettlementDocument }[]> {
    const sources = await this.#parts.sources()
    const chain: { digest: Hex; found: SettlementDocument }[] = []
    let digest = tip
    let place = number
    while (digest !== ZERO_BYTES32) {
      if (this.#digests[place - 1] === digest && this.#digests.length === place) return chain
      const found = await this.#parts.documents.get(digest, sources)
      if (found.number !== place) throw new GranaryError('REWARDS_MISMATCH', { number: place })
      chain.unshift({ digest, found })
      digest = found.previousDocument
      place--
    }
    if (this.#digests.length > 0) await this.#reset()
    return chain
  }

  #apply(digest: Hex, document: SettlementDocument): void {
    for (const { account, total } of document.leaves) this.#totals.set(account, BigInt(total))
    for (const { request, dataset } of document.uses) this.#parts.uses.markSettled(request, dataset)
    this.#total = BigInt(document.total)
    this.#digests.push(digest)
  }

  async #reset(): Promise<void> {
    this.#totals = new Map()
    this.#digests = []
    this.#total = 0n
    this.#parts.uses.reset()
    await this.#parts.onReset()
  }
}
