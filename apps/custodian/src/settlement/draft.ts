// What is due now, as a settlement that could be proposed.
import {
  type Address,
  type Deployment,
  type Hex,
  MAX_DOCUMENT_BYTES,
  type SettlementReceipt,
  type SignedReceipt,
} from '@granary/protocol'
import type { View } from '../chain/chain.js'
import type { Contracts } from '../chain/contracts.js'
import type { Epoch } from '../committee/committee.js'
import { type Composed, compose, type PaidUse, type Position } from './compose.js'
import { heldOf, isSettleable, readOwners, readRequests } from './facts.js'
import type { OpenRequests } from './open-requests.js'
import type { DueUse, Uses } from './uses.js'

/** One settlement pays at most so many uses and closes at most so many requests; what is left waits for the next. */
export const MOST_USES = 1_024
export const MOST_FINALS = 256

export interface DraftParts {
  deployment: Deployment
  contracts: Contracts
  uses: Uses
  openRequests: OpenRequests
  /** Seconds after its expiry at which a request is marked final. */
  finalAfter: number
}

interface Due {
  view: View
  after: Position
  epoch: number
  epochs: ReadonlyMap<number, Epoch>
  /** Quorums younger than this many seconds wait for more; those of expired requests do not. */
  delay: number
}

/**
 * The settlement that is due, undefined when nothing is. Before anything was ever earned there is no root, so requests
 * that nobody used are then left to their window.
 */
export async function draft(parts: DraftParts, due: Due): Promise<Composed | undefined> {
  const { deployment, contracts } = parts
  const { view, after, epoch, epochs, delay } = due
  const ending = new Set(await endingRequests(parts, view))
  const quorums = parts.uses.due(epochs)
  const ripe = quorums.filter(({ since, request }) => since + delay <= view.time || ending.has(request))
  const records = await readRequests(
    view,
    contracts,
    ripe.map(({ request }) => request),
  )
  for (const { request } of ripe) if (!isSettleable(records.get(request))) parts.uses.close(request)
  const owners = await readOwners(
    view,
    contracts,
    ripe.map(({ dataset }) => dataset),
  )
  const [treasury] = await view.confirmed([contracts.treasury()])

  const held = new Map([...records].map(([request, record]) => [request, heldOf(record)]))
  let payable = ripe.flatMap((use): PaidUse[] => {
    const record = records.get(use.request)
    const owner = owners.get(use.dataset)
    if (!isSettleable(record) || owner === undefined) return []
    const { price, treasuryBps, custodiansBps } = record
    // What a voided settlement took is not given back yet: the use waits.
    const left = held.get(use.request)! - price
    if (left < 0n) return []
    held.set(use.request, left)
    return [{ ...pick(use), owner, price, treasuryBps, custodiansBps, receipts: flatReceipts(use) }]
  })
  payable = payable.slice(0, MOST_USES)
  for (;;) {
    const finals = finalsWith(payable, quorums, ending)
    const nothing = payable.length === 0 && (finals.length === 0 || after.totals.size === 0)
    if (nothing || treasury === null) return undefined
    const composed = await compose({ deployment, after, epoch, treasury, uses: payable, finals })
    if (composed.bytes.length <= MAX_DOCUMENT_BYTES) return composed
    payable = payable.slice(0, Math.floor(payable.length / 2))
  }
}

/** Expired long enough ago, and neither final nor refunded. Those that are closed already are forgotten. */
async function endingRequests(
  { contracts, openRequests, uses, finalAfter }: DraftParts,
  view: View,
): Promise<Hex[]> {
  const expired = openRequests.expiredBefore(view.time - finalAfter)
  const records = await readRequests(view, contracts, expired)
  return expired.filter((request) => {
    if (isSettleable(records.get(request))) return true
    openRequests.close(request)
    uses.close(request)
    return false
  })
}

/** Requests that end with this settlement: no quorum of theirs is left out of it. */
function finalsWith(
  payable: readonly PaidUse[],
  quorums: readonly DueUse[],
  ending: ReadonlySet<Hex>,
): Hex[] {
  const paid = new Set(payable.map(({ request, dataset }) => request + dataset))
  const left = new Set(quorums.flatMap((use) => (paid.has(use.request + use.dataset) ? [] : [use.request])))
  return [...ending]
    .filter((request) => !left.has(request))
    .sort()
    .slice(0, MOST_FINALS)
}

function pick({ request, dataset }: DueUse) {
  return { request, dataset }
}

function flatReceipts({ epoch, receipts }: DueUse): SettlementReceipt[] {
  return receipts.map((signed) => flatReceipt(signed, epoch.members[signed.member - 1]!.account))
}

/** A receipt as a settlement document has it. */
export function flatReceipt(
  { receipt, signature, passed }: SignedReceipt,
  member: Address,
): SettlementReceipt {
  const { request, epoch, order, datasets, time } = receipt
  return { member, request, epoch, order, datasets, time, signature, passed }
}
