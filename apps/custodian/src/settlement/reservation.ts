import { GranaryError, type Hex } from '@granary/protocol'

const LEASE_MS = 15_000

/**
 * Which settlement this custodian's signature is meant for, for some seconds, before anything is signed. Two members
 * that propose at once would otherwise each sign their own, and neither would find enough signatures. The one with the
 * lower index goes first.
 */
export class Reservation {
  #held: { number: bigint; digest: Hex; proposer: number; until: number } | undefined

  /** @throws GranaryError CONFLICT while it is held for another settlement of the same number */
  take({ number, digest }: { number: bigint; digest: Hex }, proposer: number, self: number): void {
    const held = this.#held
    const isOther = held !== undefined && held.number === number && held.digest !== digest
    const taken = isOther && held.until > Date.now()
    const yields = taken && held.proposer === self && proposer < self
    if (taken && !yields) throw new GranaryError('CONFLICT', 'another settlement is being signed now')
    this.#held = { number, digest, proposer, until: Date.now() + LEASE_MS }
  }

  isFor(digest: Hex): boolean {
    return this.#held?.digest === digest && this.#held.until > Date.now()
  }

  release(digest: Hex): void {
    if (this.#held?.digest === digest) this.#held = undefined
  }
}
