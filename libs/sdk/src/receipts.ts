import {
  datasetsRoot,
  type Hex,
  type ReceiptsAnswer,
  receiptsAnswerSchema,
  recoverSigner,
  type signedReceiptSchema,
} from '@granary/protocol'
import type { z } from 'zod'
import type { Context } from './context.js'
import { askCustodians, problemCode } from './custodians.js'
import type { Faults } from './faults.js'
import type { Committee } from './network.js'

/** Seconds: honest custodians repeat a receipt for some minutes, and their clocks differ a little. */
const RECEIPT_SPREAD = 600

/** A receipt as it goes over the wire. */
export type SignedReceipt = z.input<typeof signedReceiptSchema>

export interface ReceiptsWanted {
  request: Hex
  order: unknown
  /** EIP-712 digest of the order. */
  digest: Hex
  datasets: readonly Hex[]
  committee: Committee
  signal?: AbortSignal
}

/**
 * The receipts that custodians signed for an order, each verified: signed by the member the chain names, over this
 * order, this epoch and the ids it says it passed. Everything else ends up in `faults`.
 */
export async function gatherReceipts(
  context: Context,
  wanted: ReceiptsWanted,
  faults: Faults,
): Promise<SignedReceipt[]> {
  const { request, order, committee, signal } = wanted
  const { deployment } = await context.network()
  const { members, threshold } = committee
  const answers = await askCustodians(context, request, 'receipts', { order }, members, threshold, signal)
  const receipts: SignedReceipt[] = []
  for (const { member, status, body } of answers) {
    if (status !== 200) {
      faults.ofMember(member, status === 0 ? 'UNREACHABLE' : (problemCode(body) ?? 'ANSWER_INVALID'))
      continue
    }
    const parsed = receiptsAnswerSchema.safeParse(body)
    if (!parsed.success || parsed.data.member !== member) {
      faults.ofMember(member, 'ANSWER_INVALID')
      continue
    }
    const answer = parsed.data
    for (const one of answer.refused) faults.ofDataset(one.dataset, one.code, one.message)
    if (answer.receipt === null) continue
    if (isValid(answer, wanted, deployment)) {
      const { epoch, receipt, signature, passed } = body as SignedReceipt
      receipts.push({ epoch, member, receipt, signature, passed })
    } else {
      faults.ofMember(member, 'RECEIPT_INVALID')
    }
  }
  const sound = receipts.filter((receipt) => isTimely(receipt, receipts))
  for (const { member } of receipts) {
    if (sound.every((one) => one.member !== member)) faults.ofMember(member, 'RECEIPT_INVALID')
  }
  return sound
}

/**
 * Whether a receipt's time is near that of most others: one from long ago or from the future counts nowhere. The caller's
 * own clock may be wrong and decides nothing. Between two receipts nobody can say which is off.
 */
function isTimely({ receipt }: SignedReceipt, all: readonly SignedReceipt[]): boolean {
  if (all.length < 3) return true
  const times = all.map((one) => one.receipt.time).sort((a, b) => a - b)
  return Math.abs(receipt.time - times[Math.floor(times.length / 2)]!) <= RECEIPT_SPREAD
}

function isValid(
  answer: ReceiptsAnswer,
  { request, digest, datasets, committee }: ReceiptsWanted,
  deployment: Parameters<typeof recoverSigner>[3],
): boolean {
  const { receipt, signature, passed, member, epoch } = answer
  const account = committee.members.find((one) => one.index === member)?.account
  if (!receipt || !signature || !account || epoch !== committee.epoch) return false
  const asked = new Set<string>(datasets)
  try {
    return (
      receipt.request === request &&
      receipt.epoch === committee.epoch &&
      receipt.order === digest &&
      passed.every((dataset) => asked.has(dataset)) &&
      receipt.datasets === datasetsRoot(passed as Hex[]) &&
      recoverSigner('Receipt', receipt, signature as Hex, deployment) === account
    )
  } catch {
    return false
  }
}
