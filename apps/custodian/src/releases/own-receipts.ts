import type { Hex, SignedReceipt } from '@granary/protocol'

/**
 * What this custodian receipted lately: (request, dataset) → time. A share needs the custodian's own receipt, and the
 * ledger is where it is found; receipts too old to count are forgotten.
 */
export class OwnReceipts {
  #times = new Map<string, number>()
  #maxAge: number

  constructor(maxAge: number) {
    this.#maxAge = maxAge
  }

  add({ receipt, passed }: SignedReceipt, now: number): void {
    if (receipt.time + this.#maxAge < now) return
    for (const dataset of passed) {
      const key = `${receipt.request}${dataset}`
      // Taken out and put back, so that the oldest come first.
      this.#times.delete(key)
      this.#times.set(key, receipt.time)
    }
    for (const [key, time] of this.#times) {
      if (time + this.#maxAge >= now) break
      this.#times.delete(key)
    }
  }

  /** Whether the ledger has a receipt of this use that still counts at `time`. */
  has(request: Hex, dataset: Hex, time: number): boolean {
    const made = this.#times.get(`${request}${dataset}`)
    return made !== undefined && made + this.#maxAge >= time
  }
}
