import { Interface } from 'ethers'
import { rewardPoolAbi } from './abi/index.js'
import type { SettlementDocument } from './documents/settlement.js'
import type { Hex } from './hex.js'
import type { MessageOf } from './messages/index.js'

const rewardPool = new Interface(rewardPoolAbi)

/** The one `Settlement` that a document stands for; `digest` is the document's. Spending and finals ascend by request. */
export function settlementOf(document: SettlementDocument, digest: Hex): MessageOf<'Settlement'> {
  const { number, epoch, root, total, previousDocument } = document
  const spent = new Map<Hex, bigint>()
  for (const { request, price } of document.uses)
    spent.set(request, (spent.get(request) ?? 0n) + BigInt(price))
  const requests = [...spent.keys()].sort()
  return {
    number: BigInt(number),
    epoch,
    root,
    total: BigInt(total),
    document: digest,
    previousDocument,
    spending: requests.map((request) => ({ request, amount: spent.get(request)! })),
    finals: [...document.finals].sort(),
  }
}

/**
 * The settlement in the calldata of a transaction to the reward pool, undefined when it is no call of `settle`: a
 * contract may have passed it on. Nothing of it is checked.
 */
export function settlementInCall(data: string): MessageOf<'Settlement'> | undefined {
  const call = parse(data)
  if (call?.name !== 'settle') return undefined
  const { number, epoch, root, total, document, previousDocument, spending, finals } = call.args.settlement
  return {
    number,
    epoch: Number(epoch),
    root,
    total,
    document,
    previousDocument,
    spending: Array.from(spending as { request: Hex; amount: bigint }[], ({ request, amount }) => ({
      request,
      amount,
    })),
    finals: Array.from(finals as Hex[]),
  }
}

function parse(data: string) {
  try {
    return rewardPool.parseTransaction({ data })
  } catch {
    return null
  }
}
