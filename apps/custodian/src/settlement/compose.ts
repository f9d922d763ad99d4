// A settlement and its document, from the uses it pays: a pure function, so that every signer arrives at the same bytes.
import {
  type Address,
  type Deployment,
  documentDigest,
  type Hex,
  type MessageOf,
  rewardTree,
  SETTLEMENT_VERSION,
  type SettlementDocument,
  type SettlementReceipt,
  settlementOf,
  splitUse,
} from '@granary/protocol'
import { compare } from './uses.js'

/** A use to be paid, with what the chain says of it. */
export interface PaidUse {
  request: Hex
  dataset: Hex
  owner: Address
  price: bigint
  treasuryBps: number
  custodiansBps: number
  /** Of exactly t members of one epoch. */
  receipts: readonly SettlementReceipt[]
}

/** Where the last settlement that stands left the rewards. `document` is zero before the first. */
export interface Position {
  number: number
  document: Hex
  total: bigint
  totals: ReadonlyMap<Address, bigint>
  /** How often the guardian has voided. */
  voidings: number
}

export interface Composition {
  deployment: Deployment
  after: Position
  epoch: number
  treasury: Address
  uses: readonly PaidUse[]
  /** Requests that are final from now on. */
  finals: readonly Hex[]
}

export interface Composed {
  settlement: MessageOf<'Settlement'>
  document: SettlementDocument
  bytes: Uint8Array
  cid: string
}

/**
 * Orders everything, splits every price, adds up and makes root and document.
 *
 * @throws GranaryError ARGUMENT_INVALID when nothing was ever earned: there would be no root
 */
export async function compose(parts: Composition): Promise<Composed> {
  const { deployment, after, epoch, treasury } = parts
  const uses = [...parts.uses].sort((a, b) => compare(a.request, b.request) || compare(a.dataset, b.dataset))
  const receipts = distinctReceipts(uses)
  const places = new Map(receipts.map((receipt, place) => [receiptKey(receipt), place]))
  const totals = new Map(after.totals)
  const changed = new Set<Address>()
  let total = after.total
  const listed = uses.map((use) => {
    const custodians = use.receipts.map(({ member }) => member)
    const parts = splitUse({ ...use, custodians, treasury })
    for (const [account, amount] of parts) {
      totals.set(account, (totals.get(account) ?? 0n) + amount)
      changed.add(account)
    }
    total += use.price
    return {
      request: use.request,
      dataset: use.dataset,
      owner: use.owner,
      price: use.price.toString(),
      earned: ownersPart(use).toString(),
      receipts: use.receipts.map((receipt) => places.get(receiptKey(receipt))!).sort((a, b) => a - b),
    }
  })
  const { root } = rewardTree([...totals].map(([account, total]) => ({ account, total })))
  const finals = [...parts.finals].sort(compare)
  const document: SettlementDocument = {
    version: SETTLEMENT_VERSION,
    chainId: deployment.chainId,
    number: after.number + 1,
    epoch,
    previousDocument: after.document,
    treasury,
    uses: listed,
    receipts,
    leaves: [...changed]
      .sort((a, b) => compare(a.toLowerCase(), b.toLowerCase()))
      .map((account) => ({ account, total: totals.get(account)!.toString() })),
    finals,
    root,
    total: total.toString(),
    ...(after.voidings > 0 ? { voidings: after.voidings } : {}),
  }
  const { bytes, digest, cid } = await documentDigest(document)
  return { settlement: settlementOf(document, digest), document, bytes, cid }
}

function ownersPart({ price, treasuryBps, custodiansBps }: PaidUse): bigint {
  return price - (price * BigInt(treasuryBps)) / 10_000n - (price * BigInt(custodiansBps)) / 10_000n
}

function receiptKey({ member, signature }: SettlementReceipt): string {
  return `${member}${signature}`
}

function distinctReceipts(uses: readonly PaidUse[]): SettlementReceipt[] {
  const distinct = new Map(
    uses.flatMap((use) => use.receipts.map((receipt) => [receiptKey(receipt), receipt])),
  )
  return [...distinct.values()].sort(
    (a, b) =>
      compare(a.request, b.request) || compare(a.member, b.member) || compare(a.signature, b.signature),
  )
}
