import {
  type Hex,
  openedAnswerSchema,
  recoverSigner,
  type SharesAnswer,
  sharesAnswerSchema,
} from '@granary/protocol'
import { openMessage } from '@granary/sealing'
import { decodeBase64, getBytes, keccak256 } from 'ethers'
import type { Context } from './context.js'
import { askCustodians, problemCode } from './custodians.js'
import type { Faults } from './faults.js'
import type { Committee } from './network.js'
import type { SignedReceipt } from './receipts.js'

/** A custodian's share of one dataset's key. Its proof is checked against the sealed file's header when that is read. */
export interface ShareOf {
  member: number
  share: Hex
  proof: Hex
}

export interface SharesWanted {
  request: Hex
  order: unknown
  receipts: readonly SignedReceipt[]
  committee: Committee
  identity: string
  signal?: AbortSignal
}

/** Shares by dataset, of custodians whose sealed answer carries their signature. Everything else is in `faults`. */
export async function gatherShares(
  context: Context,
  wanted: SharesWanted,
  faults: Faults,
): Promise<Map<string, ShareOf[]>> {
  const { request, order, receipts, committee, signal } = wanted
  const { deployment } = await context.network()
  const asked = committee.members.filter(({ index }) => receipts.some((receipt) => receipt.member === index))
  const body = { order, receipts }
  const answers = await askCustodians(context, request, 'shares', body, asked, committee.threshold, signal)
  const shares = new Map<string, ShareOf[]>()
  for (const { member, status, body } of answers) {
    if (status !== 200) {
      faults.ofMember(member, status === 0 ? 'UNREACHABLE' : (problemCode(body) ?? 'ANSWER_INVALID'))
      continue
    }
    try {
      const answer = sharesAnswerSchema.parse(body)
      for (const one of answer.refused) faults.ofDataset(one.dataset, one.code, one.message)
      for (const { dataset, share, proof } of await opened(answer, member, wanted, deployment)) {
        shares.set(dataset, [
          ...(shares.get(dataset) ?? []),
          { member, share: share as Hex, proof: proof as Hex },
        ])
      }
    } catch (error) {
      context.log(`the answer of custodian ${member} does not hold: ${(error as Error).message}`)
      faults.ofMember(member, 'ANSWER_INVALID')
    }
  }
  return shares
}

/** Opens a sealed answer after checking that this custodian signed for exactly these bytes. */
async function opened(
  answer: SharesAnswer,
  member: number,
  { request, committee, identity }: SharesWanted,
  deployment: Parameters<typeof recoverSigner>[3],
) {
  const account = committee.members.find((one) => one.index === member)?.account
  const { delivery, signature } = answer
  if (answer.answer === null || delivery === null || signature === null) return [] // all of it was refused
  const sealed = getBytes(decodeBase64(answer.answer))
  if (
    delivery.request !== request ||
    delivery.epoch !== committee.epoch ||
    delivery.answer !== keccak256(sealed)
  )
    throw new Error('the delivery names another answer')
  if (recoverSigner('Delivery', delivery, signature as Hex, deployment) !== account)
    throw new Error('the delivery is not signed by this custodian')
  const plain = await openMessage(sealed, identity)
  const document = openedAnswerSchema.parse(JSON.parse(new TextDecoder().decode(plain)))
  if (document.request !== request || document.epoch !== committee.epoch || document.member !== member)
    throw new Error('the answer is for something else')
  if (new Set(document.shares.map(({ dataset }) => dataset)).size < document.shares.length)
    throw new Error('the answer has two shares of one dataset')
  return document.shares
}
