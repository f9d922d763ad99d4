// Which settlements this custodian has signed: one document a number.
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
      const { settlement, signatures } = value as { settlement: never; signatures: SettlementSignature[] }
      remember(entries, messageSchema('Settlement').parse(settlement), signatures)
    })
    return new SignedBook(lines, entries)
  }

  /** What was signed as number `number`. */
  get(number: number): SignedSettlement | undefined {
    return this.#entries.get(number)
  }

  /** Writes down that a settlement is signed, or further signatures of it. */
  async put(
    settlement: MessageOf<'Settlement'>,
    signatures: readonly SettlementSignature[],
  ): Promise<SignedSettlement> {
    const digest = structHash('Settlement', settlement)
    const known = this.#entries.get(Number(settlement.number))
    const news = signatures.filter(
      ({ account }) => known?.digest !== digest || !known.signatures.has(account),
    )
    if (known !== undefined && news.length === 0) return known
    await this.#lines.append({ settlement: messageToJson('Settlement', settlement), signatures: news })
    return remember(this.#entries, settlement, news)
  }
}

function remember(
  entries: Map<number, SignedSettlement>,
  settlement: MessageOf<'Settlement'>,
  signatures: readonly SettlementSignature[],
): SignedSettlement {
  const number = Number(settlement.number)
  const digest = structHash('Settlement', settlement)
  const known = entries.get(number)
  const entry = known?.digest === digest ? known : { settlement, digest, signatures: new Map<Hex, Hex>() }
  entries.set(number, entry)
  for (const { account, signature } of signatures) entry.signatures.set(account, signature)
  // Settled long ago: nobody asks for it any more.
  entries.delete(number - 16)
  return entry
}
