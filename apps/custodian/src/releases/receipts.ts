// Judging receipts: one member's signed statement that datasets passed its checks under a request.
import { BoundedMap } from '@granary/operation'
import {
  type Deployment,
  datasetsRoot,
  GranaryError,
  type Hex,
  type MessageOf,
  messageDigest,
  messageToJson,
  type ReceiptsAnswer,
  type SignedOrder,
  type SignedReceipt,
  signMessage,
} from '@granary/protocol'
import { recovered } from '../chain/signatures.js'
import type { Epoch } from '../committee/committee.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Secrets } from '../secrets.js'
import type { Uses } from '../settlement/uses.js'
import { type Bench, judgeOrder } from './judge.js'
import type { OwnReceipts } from './own-receipts.js'

/** Clocks of custodians may differ by this much. */
const CLOCK_SECONDS = 60

/** The EIP-712 digest of an order, by which receipts name it. */
export function orderDigest({ order }: SignedOrder, { chainId, accessRequests }: Deployment): Hex {
  return messageDigest('ReleaseOrder', order, { chainId, verifyingContract: accessRequests })
}

/**
 * Whether a receipt is what it claims: signed by that member of the epoch, over the datasets that it lists.
 *
 * @throws GranaryError RECEIPT_INVALID, EPOCH_MISMATCH
 */
export function checkReceipt(signed: SignedReceipt, epoch: Epoch, deployment: Deployment): void {
  const { receipt, member, passed, signature } = signed
  if (signed.epoch !== epoch.number || receipt.epoch !== epoch.number) {
    throw new GranaryError('EPOCH_MISMATCH', { epoch: receipt.epoch })
  }
  const account = epoch.members[member - 1]?.account
  if (account === undefined || rootOf(passed) !== receipt.datasets)
    throw new GranaryError('RECEIPT_INVALID', { member })
  if (recovered('Receipt', receipt, signature, deployment) !== account) {
    throw new GranaryError('RECEIPT_INVALID', { member })
  }
}

/** @throws GranaryError RECEIPT_OLD; RECEIPT_INVALID when it is from the future */
export function checkReceiptAge({ receipt, member }: SignedReceipt, time: number, maxAge: number): void {
  if (receipt.time + maxAge < time) throw new GranaryError('RECEIPT_OLD', { member, time: receipt.time })
  if (receipt.time > time + CLOCK_SECONDS)
    throw new GranaryError('RECEIPT_INVALID', { member, time: receipt.time })
}

function rootOf(ids: readonly Hex[]): Hex | undefined {
  try {
    return datasetsRoot(ids)
  } catch {
    return undefined
  }
}

/** A receipt as plain JSON, as it is in the ledger and on the wire. */
export function receiptToJson({ receipt, ...rest }: SignedReceipt) {
  return { ...rest, receipt: messageToJson('Receipt', receipt) }
}

interface ReceiptsParts {
  bench: Bench
  ledger: Ledger
  uses: Uses
  own: OwnReceipts
  secrets: Secrets
  /** Seconds for which a receipt counts. */
  maxAge: number
  /** Orders whose receipts are remembered. */
  most: number
}

/** POST /v1/receipts. */
export class Receipts {
  #parts: ReceiptsParts
  /** Fresh receipts by order, so that asking again does not make the ledger grow. */
  #fresh: BoundedMap<Hex, SignedReceipt>

  constructor(parts: ReceiptsParts) {
    this.#parts = parts
    this.#fresh = new BoundedMap(parts.most)
  }

  /**
   * Checks an order and signs one receipt for all of its datasets that passed. The receipt is in the ledger, on disk,
   * before it is answered. An order that is asked again soon gets the same receipt, if the same datasets pass.
   *
   * @throws GranaryError of checks 1 and 2
   */
  async give(signed: SignedOrder): Promise<ReceiptsAnswer> {
    const { bench, ledger, uses, own, secrets } = this.#parts
    const { deployment, shares } = bench
    const { passed, refused, time } = await judgeOrder(bench, signed)
    const { epoch, index: member } = passed[0]?.held ?? shares.newest()
    const answer = { epoch: epoch.number, member, refused }
    if (passed.length === 0) return { ...answer, receipt: null, signature: null, passed: [] }

    const order = orderDigest(signed, deployment)
    const ids = passed.map(({ dataset }) => dataset)
    const datasets = datasetsRoot(ids)
    const fresh = this.#fresh.get(order)
    if (fresh?.receipt.datasets === datasets && this.#isFresh(fresh, time)) return { ...answer, ...fresh }

    const receipt: MessageOf<'Receipt'> = {
      request: signed.order.request,
      epoch: epoch.number,
      order,
      datasets,
      time,
    }
    const signature = await signMessage(secrets.wallet, 'Receipt', receipt, deployment)
    const made: SignedReceipt = { epoch: epoch.number, member, receipt, signature, passed: ids }
    await ledger.append('receipt', receiptToJson(made), time)
    uses.add(made, time)
    own.add(made, time)
    this.#remember(order, made, time)
    return { ...answer, ...made }
  }

  #isFresh({ receipt }: SignedReceipt, time: number): boolean {
    return receipt.time + this.#parts.maxAge / 2 > time
  }

  #remember(order: Hex, made: SignedReceipt, time: number): void {
    this.#fresh.set(order, made)
    for (const [key, old] of this.#fresh) {
      if (this.#isFresh(old, time)) break
      this.#fresh.delete(key)
    }
  }
}
