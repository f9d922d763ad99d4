// POST /v1/shares: this custodian's share, against receipts of a quorum.
import { BoundedMap } from '@granary/operation'
import {
  bytesToHex,
  canonicalJson,
  GranaryError,
  type Hex,
  type MessageOf,
  type SharesAnswer,
  type SharesBody,
  type SignedReceipt,
  signMessage,
} from '@granary/protocol'
import { keccak256 } from 'ethers'
import type { Epoch } from '../committee/committee.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Secrets } from '../secrets.js'
import type { Uses } from '../settlement/uses.js'
import { sealShares } from './answer.js'
import { type Bench, judgeOrder, type Passed } from './judge.js'
import type { OwnReceipts } from './own-receipts.js'
import { checkReceipt, checkReceiptAge, receiptToJson } from './receipts.js'

interface ReleaseParts {
  bench: Bench
  ledger: Ledger
  uses: Uses
  own: OwnReceipts
  secrets: Secrets
  /** Seconds for which a receipt counts. */
  maxAge: number
  /** Quorums that are remembered to be on disk. */
  most: number
}

export class Releases {
  #parts: ReleaseParts
  /** When each quorum was last shown, by digest. */
  #stored: BoundedMap<string, number>

  constructor(parts: ReleaseParts) {
    this.#parts = parts
    this.#stored = new BoundedMap(parts.most)
  }

  /**
   * Checks the order again, so that what was withdrawn meanwhile stays shut, then the receipts: of t distinct members
   * of the epoch, this custodian's own among them, for the same request and each dataset. The quorum is in the ledger,
   * on disk, before a share leaves. The answer is sealed to the recipient that the request has on chain.
   *
   * A receipt that does not hold does not count, and is not stored: one bad member must not keep the others' shares in.
   *
   * @throws GranaryError of checks 1 and 2; when no dataset that passed has what it needs RECEIPT_INVALID, RECEIPT_OLD or
   *   EPOCH_MISMATCH of the first receipt that does not hold, else RECEIPTS_TOO_FEW or RECEIPT_MISSING
   */
  async give({ order, receipts: shown }: SharesBody): Promise<SharesAnswer> {
    const { bench, uses, secrets } = this.#parts
    const { request, time, passed, refused } = await judgeOrder(bench, order)
    const { epoch, index: member } = passed[0]?.held ?? bench.shares.newest()
    const { receipts, fault } = this.#judge(shown, epoch, order.order.request, time)
    const answer = { epoch: epoch.number, member, refused }
    if (passed.length === 0) return { ...answer, answer: null, delivery: null, signature: null }

    const id = order.order.request
    const given = passed.filter((item) => {
      const code = this.#lacks(id, item, receipts, epoch, member, time)
      if (code !== undefined)
        refused.push({ dataset: item.dataset, code, message: new GranaryError(code).message })
      return code === undefined
    })
    if (given.length === 0) throw fault ?? new GranaryError(refused.at(-1)!.code as 'RECEIPTS_TOO_FEW')

    const datasets = given.map(({ dataset }) => dataset)
    await this.#store({ request: id, datasets, receipts: receipts.map(receiptToJson) }, time)
    for (const receipt of receipts) uses.add(receipt, time)

    const sealed = await sealShares(id, request.recipient, given)
    const delivery: MessageOf<'Delivery'> = {
      request: id,
      epoch: epoch.number,
      answer: keccak256(bytesToHex(sealed)) as Hex,
    }
    const signature = await signMessage(secrets.wallet, 'Delivery', delivery, bench.deployment)
    return { ...answer, answer: Buffer.from(sealed).toString('base64'), delivery, signature }
  }

  /** A quorum that is on disk already, shown again, makes no second entry. */
  async #store(quorum: object, time: number): Promise<void> {
    const digest = keccak256(bytesToHex(canonicalJson(quorum)))
    if (!this.#stored.has(digest)) await this.#parts.ledger.append('quorum', quorum, time)
    this.#stored.set(digest, time)
    for (const [key, stored] of this.#stored) {
      if (stored + this.#parts.maxAge >= time) break
      this.#stored.delete(key)
    }
  }

  /** The receipts that hold, and why the first of the others does not. */
  #judge(shown: readonly SignedReceipt[], epoch: Epoch, request: Hex, time: number) {
    let fault: unknown
    const receipts = shown.filter((receipt) => {
      try {
        this.#checkReceipt(receipt, epoch, request, time)
        return true
      } catch (error) {
        fault ??= error
        return false
      }
    })
    return { receipts, fault }
  }

  /** @throws GranaryError RECEIPT_INVALID, RECEIPT_OLD, EPOCH_MISMATCH */
  #checkReceipt(receipt: SignedReceipt, epoch: Epoch, request: Hex, time: number): void {
    const { bench, maxAge } = this.#parts
    if (receipt.receipt.request !== request) {
      throw new GranaryError('RECEIPT_INVALID', 'a receipt is of another request', {
        detail: { member: receipt.member },
      })
    }
    checkReceipt(receipt, epoch, bench.deployment)
    checkReceiptAge(receipt, time, maxAge)
  }

  /** What is missing before this dataset's share may leave. */
  #lacks(
    request: Hex,
    { dataset }: Passed,
    receipts: readonly SignedReceipt[],
    epoch: Epoch,
    member: number,
    time: number,
  ): 'RECEIPTS_TOO_FEW' | 'RECEIPT_MISSING' | undefined {
    const members = new Set(
      receipts.flatMap((shown) => (shown.passed.includes(dataset) ? [shown.member] : [])),
    )
    if (members.size < epoch.threshold) return 'RECEIPTS_TOO_FEW'
    return members.has(member) && this.#parts.own.has(request, dataset, time) ? undefined : 'RECEIPT_MISSING'
  }
}
