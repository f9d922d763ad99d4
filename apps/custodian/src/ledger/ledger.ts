// What this custodian has done that cannot be undone, in order, each entry naming the digest of the one before.
import { bytesToHex, canonicalJson, GranaryError, type Hex, ZERO_BYTES32 } from '@granary/protocol'
import { keccak256 } from 'ethers'
import { JsonLines } from '../state/json-lines.js'

/** An entry as it is on disk and on the wire: plain JSON (amounts as strings), see `ledgerEntrySchema`. */
export interface Entry {
  sequence: number
  time: number
  previous: Hex
  hash: Hex
  type: 'receipt' | 'quorum' | 'owner-release'
  body: unknown
}

/** The digest that the next entry names: Keccak-256 of the canonical JSON of the entry without `hash`. */
export function entryHash(entry: Omit<Entry, 'hash'>): Hex {
  const { sequence, time, previous, type, body } = entry
  return keccak256(bytesToHex(canonicalJson({ sequence, time, previous, type, body }))) as Hex
}

/**
 * The ledger. What `append` has returned for is on disk: nothing signed leaves this process before.
 *
 * It does not protect against an operator that rewrites the whole file; peers that pulled it have the digests.
 */
export class Ledger {
  #lines: JsonLines
  #last: Hex
  #next: number

  private constructor(lines: JsonLines, last: Hex) {
    this.#lines = lines
    this.#last = last
    this.#next = lines.count + 1
    // Entries that never came to the disk leave no gap: the next one follows the last that did.
    lines.onLost = () => {
      this.#last = (lines.newest as Entry | undefined)?.hash ?? ZERO_BYTES32
      this.#next = lines.count + 1
    }
  }

  /**
   * Opens the ledger, checks the chain of digests and gives every entry to `onEntry`.
   *
   * @throws GranaryError LEDGER_CORRUPT
   */
  static async open(path: string, onEntry: (entry: Entry) => void): Promise<Ledger> {
    let last: Hex = ZERO_BYTES32
    const lines = await JsonLines.open(path, (value, index) => {
      const entry = value as Entry
      const whole = entry.sequence === index + 1 && entry.previous === last && entryHash(entry) === entry.hash
      if (!whole) throw new GranaryError('LEDGER_CORRUPT', { entry: index + 1 })
      last = entry.hash
      onEntry(entry)
    })
    return new Ledger(lines, last)
  }

  /** The sequence of the newest entry on disk, 0 for none. */
  get last(): number {
    return this.#lines.count
  }

  /** Adds an entry; returns it once it is on disk. */
  async append(type: Entry['type'], body: unknown, time: number): Promise<Entry> {
    const unsigned = { sequence: this.#next, time, previous: this.#last, type, body }
    const entry = { ...unsigned, hash: entryHash(unsigned) }
    this.#next++
    this.#last = entry.hash
    await this.#lines.append(entry)
    return entry
  }

  /** The entries that follow sequence `after`, at most `limit`. */
  async page(after: number, limit: number): Promise<Entry[]> {
    return (await this.#lines.slice(after, limit)) as Entry[]
  }

  close(): Promise<void> {
    return this.#lines.close()
  }
}
