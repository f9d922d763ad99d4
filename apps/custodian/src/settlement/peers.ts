// Receipts of the other members, pulled from their ledgers at the endpoints that are on chain.
import { join } from 'node:path'
import {
  type Address,
  type Deployment,
  type LedgerEntry,
  ledgerPageSchema,
  type SignedReceipt,
  signedReceiptSchema,
} from '@granary/protocol'
import type { Outgoing } from '@granary/protocol/node'
import type { Logger } from 'pino'
import type { Epoch } from '../committee/committee.js'
import { fetchJson } from '../http/fetch-json.js'
import { checkReceipt, receiptToJson } from '../releases/receipts.js'
import { makePrivateFolder } from '../state/files.js'
import { JsonLines } from '../state/json-lines.js'
import type { Uses } from './uses.js'

const TIMEOUT_MS = 5_000
const MAX_PAGE_BYTES = 32 << 20
const PAGE = 100
const PAGES_AT_ONCE = 20

/** What one entry of a peer's ledger gave: the receipts in it that hold. */
interface Line {
  sequence: number
  time: number
  receipts: unknown[]
}

interface Cursor {
  lines: JsonLines
  sequence: number
}

/** The folder `peers`, one append-only file an account: what was pulled is kept, and the last line is the cursor. */
export class Peers {
  #folder: string
  #deployment: Deployment
  #uses: Uses
  #outgoing: Outgoing
  #log: Logger
  #cursors = new Map<Address, Cursor>()

  private constructor(folder: string, deployment: Deployment, uses: Uses, outgoing: Outgoing, log: Logger) {
    this.#folder = folder
    this.#deployment = deployment
    this.#uses = uses
    this.#outgoing = outgoing
    this.#log = log
  }

  static async open(
    dir: string,
    deployment: Deployment,
    uses: Uses,
    outgoing: Outgoing,
    log: Logger,
  ): Promise<Peers> {
    const peers = new Peers(join(dir, 'peers'), deployment, uses, outgoing, log)
    await makePrivateFolder(peers.#folder)
    return peers
  }

  /** Pulls what is new from every other member of the epochs; a member that does not answer is left out. */
  async pull(epochs: Iterable<Epoch>, self: Address, time: number): Promise<void> {
    const known = new Map([...epochs].map((epoch) => [epoch.number, epoch]))
    const newest = new Map<Address, string>()
    for (const epoch of [...known.values()].sort((a, b) => a.number - b.number)) {
      for (const { account, endpoint } of epoch.members) if (account !== self) newest.set(account, endpoint)
    }
    const pulls = [...newest].map(async ([account, endpoint]) => {
      try {
        await this.#pullFrom(account, endpoint, known, time)
      } catch (error) {
        this.#log.debug({ err: error, account }, "a peer's ledger cannot be read now")
      }
    })
    await Promise.all(pulls)
  }

  /** Adds everything on disk to the uses again. */
  async replay(): Promise<void> {
    for (const { lines } of this.#cursors.values()) {
      for (let from = 0; from < lines.count; from += PAGE) {
        for (const line of await lines.slice(from, PAGE)) this.#add(line as Line)
      }
    }
  }

  async #pullFrom(
    account: Address,
    endpoint: string,
    epochs: Map<number, Epoch>,
    time: number,
  ): Promise<void> {
    const cursor = await this.#cursor(account)
    for (let page = 0; page < PAGES_AT_ONCE; page++) {
      const url = `${endpoint}/v1/ledger?after=${cursor.sequence}&limit=${PAGE}`
      const { entries, last } = await fetchJson(this.#outgoing, url, ledgerPageSchema, {
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_PAGE_BYTES,
      })
      if (last < cursor.sequence)
        this.#log.warn({ account, last, seen: cursor.sequence }, "a peer's ledger became shorter")
      for (const entry of entries) {
        if (entry.sequence !== cursor.sequence + 1 || isAhead(entry, epochs)) return
        const receipts = this.#holding(entry, epochs).map(receiptToJson)
        const line: Line = { sequence: entry.sequence, time, receipts }
        await cursor.lines.append(line)
        cursor.sequence = entry.sequence
        this.#add(line)
      }
      if (entries.length < PAGE) return
    }
  }

  /** The receipts of an entry that hold. Whoever signed them: a receipt proves itself. */
  #holding(entry: LedgerEntry, epochs: Map<number, Epoch>): SignedReceipt[] {
    const receipts =
      entry.type === 'receipt' ? [entry.body] : entry.type === 'quorum' ? entry.body.receipts : []
    return receipts.filter((receipt) => {
      const epoch = epochs.get(receipt.epoch)
      if (epoch === undefined) return false
      try {
        checkReceipt(receipt, epoch, this.#deployment)
        return true
      } catch (error) {
        this.#log.warn({ err: error, entry: entry.sequence }, 'a peer holds a receipt that is none')
        return false
      }
    })
  }

  #add({ receipts, time }: Line): void {
    for (const receipt of receipts) this.#uses.add(signedReceiptSchema.parse(receipt), time)
  }

  async #cursor(account: Address): Promise<Cursor> {
    const known = this.#cursors.get(account)
    if (known !== undefined) return known
    let sequence = 0
    const lines = await JsonLines.open(join(this.#folder, `${account.toLowerCase()}.jsonl`), (value) => {
      const line = value as Line
      sequence = line.sequence
      this.#add(line)
    })
    const cursor = { lines, sequence }
    this.#cursors.set(account, cursor)
    return cursor
  }
}

/** Whether an entry is of an epoch that is not known here yet: it is pulled again later. */
function isAhead(entry: LedgerEntry, epochs: ReadonlyMap<number, Epoch>): boolean {
  const newest = Math.max(0, ...epochs.keys())
  return entry.type === 'receipt' && entry.body.epoch > newest
}
