// Which settlements this custodian has signed: one document a number, a second only after a voiding.
import { join } from 'node:path'
import {
  type Hex,
  type MessageOf,
  messageSchema,
  messageToJson,
  type SettlementSignature,
  structHash,
} from '@granary/protocol'
import { JsonLines } from '../state/json-lines.js'

export interface SignedSettlement {
  settlement: MessageOf<'Settlement'>
  /** Struct hash of the settlement. */
  digest: Hex
  /** How often the guardian had voided, as its document names it. */
  voidings: number
  /** This custodian's own signature and those that it was shown, by account. */
  signatures: Map<Hex, Hex>
}

/** An append-only file; the last line of a number counts. A signature leaves only after it is on disk. */
export class SignedBook {
  #lines: JsonLines
  #entries: Map<number, SignedSettlement>

  private constructor(lines: JsonLines, entries: Map<number, SignedSettlement>) {
    this.#lines = lines
    this.#entries = entries
  }

  static async open(dir: string): Promise<SignedBook> {
    const entries = new Map<number, SignedSettlement>()
    const lines = await JsonLines.open(join(dir, 'signed.jsonl'), (value) => {
      const { settlement, signatures, voidings = 0 } = value as Line
      remember(entries, messageSchema('Settlement').parse(settlement as never), voidings, signatures)
    })
    return new SignedBook(lines, entries)
  }

  /** What was signed last as number `number`. */
  get(number: number): SignedSettlement | undefined {
    return this.#entries.get(number)
  }

  /** Writes down that a settlement is signed. From now on it is the one of its number. */
  async put(
    { settlement, voidings }: Pick<SignedSettlement, 'settlement' | 'voidings'>,
    signatures: readonly SettlementSignature[],
  ): Promise<SignedSettlement> {
    const known = this.#entries.get(Number(settlement.number))
    const isKnown = known?.digest === structHash('Settlement', settlement)
    const news = signatures.filter(({ account }) => !isKnown || !known.signatures.has(account))
    if (isKnown && news.length === 0) return known
    const line: Line = { settlement: messageToJson('Settlement', settlement), voidings, signatures: news }
    await this.#lines.append(line)
    return remember(this.#entries, settlement, voidings, news)
  }

  /** Adds further signatures to what was signed, undefined when another one has taken its place since. */
  async add(
    digest: Hex,
    number: number,
    signatures: readonly SettlementSignature[],
  ): Promise<SignedSettlement | undefined> {
    const known = this.#entries.get(number)
    return known?.digest === digest ? this.put(known, signatures) : undefined
  }
}

/** `voidings` is left out in lines from before anybody could void. */
interface Line {
  settlement: unknown
  voidings?: number
  signatures: readonly SettlementSignature[]
}

function remember(
  entries: Map<number, SignedSettlement>,
  settlement: MessageOf<'Settlement'>,
  voidings: number,
  signatures: readonly SettlementSignature[],
): SignedSettlement {
  const number = Number(settlement.number)
  const digest = structHash('Settlement', settlement)
  const known = entries.get(number)
  const fresh = () => ({ settlement, digest, voidings, signatures: new Map<Hex, Hex>() })
  const entry = known?.digest === digest ? known : fresh()
  entries.set(number, entry)
  for (const { account, signature } of signatures) entry.signatures.set(account, signature)
  // Settled long ago: nobody asks for it any more.
  entries.delete(number - 16)
  return entry
}
