// Receipts turned into uses: which (request, dataset) has a quorum and is not settled yet.
import type { Hex, SignedReceipt } from '@granary/protocol'
import type { Epoch } from '../committee/committee.js'

/** A use whose quorum is held: receipts of exactly t members, those with the lowest indices. */
export interface DueUse {
  request: Hex
  dataset: Hex
  epoch: Epoch
  receipts: SignedReceipt[]
  /** Unix seconds since when the quorum is held. */
  since: number
}

interface Held {
  signed: SignedReceipt
  since: number
}

/** epoch → member → the first receipt held. */
type Statements = Map<number, Map<number, Held>>

/**
 * Holds only what is not settled: a settled use takes no further receipts, and everything of a request is forgotten
 * once the request is closed. Rebuilt at start from ledger, peers' receipts and settlement documents.
 */
export class Uses {
  #open = new Map<Hex, Map<Hex, Statements>>()
  #settled = new Map<Hex, Set<Hex>>()

  /** Adds a receipt that was judged before. `since`: when this custodian came to hold it. */
  add(signed: SignedReceipt, since: number): void {
    const { request } = signed.receipt
    const settled = this.#settled.get(request)
    for (const dataset of signed.passed) {
      if (settled?.has(dataset)) continue
      const members = child(child(child(this.#open, request), dataset) as Statements, signed.epoch)
      if (!members.has(signed.member)) members.set(signed.member, { signed, since })
    }
  }

  isSettled(request: Hex, dataset: Hex): boolean {
    return this.#settled.get(request)?.has(dataset) ?? false
  }

  markSettled(request: Hex, dataset: Hex): void {
    const settled = this.#settled.get(request) ?? new Set()
    this.#settled.set(request, settled.add(dataset))
    const uses = this.#open.get(request)
    uses?.delete(dataset)
    if (uses?.size === 0) this.#open.delete(request)
  }

  /** Forgets a request that was closed on chain: nothing of it can be settled any more. */
  close(request: Hex): void {
    this.#open.delete(request)
    this.#settled.delete(request)
  }

  /** Forgets which uses were settled: the chain went back. Receipts must be added again afterwards. */
  reset(): void {
    this.#open.clear()
    this.#settled.clear()
  }

  /** The epochs of receipts held. */
  get epochs(): Set<number> {
    const epochs = new Set<number>()
    for (const uses of this.#open.values()) {
      for (const statements of uses.values()) for (const epoch of statements.keys()) epochs.add(epoch)
    }
    return epochs
  }

  /** Uses with a quorum of one of `epochs`, ordered by request and dataset. */
  due(epochs: ReadonlyMap<number, Epoch>): DueUse[] {
    const found: DueUse[] = []
    for (const [request, uses] of this.#open) {
      for (const [dataset, statements] of uses) {
        const quorum = quorumOf(statements, epochs)
        if (quorum !== undefined) found.push({ request, dataset, ...quorum })
      }
    }
    return found.sort((a, b) => compare(a.request, b.request) || compare(a.dataset, b.dataset))
  }
}

function quorumOf(statements: Statements, epochs: ReadonlyMap<number, Epoch>) {
  for (const number of [...statements.keys()].sort((a, b) => a - b)) {
    const epoch = epochs.get(number)
    const members = statements.get(number)!
    if (epoch === undefined || members.size < epoch.threshold) continue
    const indices = [...members.keys()].sort((a, b) => a - b).slice(0, epoch.threshold)
    const receipts = indices.map((index) => members.get(index)!.signed)
    const times = [...members.values()].map(({ since }) => since).sort((a, b) => a - b)
    return { epoch, receipts, since: times[epoch.threshold - 1]! }
  }
  return undefined
}

/** Order of hex strings of one length. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function child<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const found = map.get(key) ?? new Map<L, V>()
  map.set(key, found)
  return found
}
