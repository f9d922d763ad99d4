// What a custodian checks before it signs a settlement that another one proposes.
import {
  type Deployment,
  GranaryError,
  type Hex,
  MAX_DOCUMENT_BYTES,
  type MessageOf,
  type SettlementDocument,
  type SettlementReceipt,
  type SettlementUse,
  structHash,
} from '@granary/protocol'
import type { View } from '../chain/chain.js'
import type { Contracts } from '../chain/contracts.js'
import type { Committee, Epoch } from '../committee/committee.js'
import { checkReceipt } from '../releases/receipts.js'
import { breathe } from '../state/each.js'
import { type Composed, compose, type PaidUse, type Position } from './compose.js'
import { MOST_USES } from './draft.js'
import { escrowOf, heldOf, isSettleable, readOwners, readRequests } from './facts.js'
import type { Uses } from './uses.js'

const BREATHE_EVERY = 16

export interface VerifyParts {
  deployment: Deployment
  contracts: Contracts
  committee: Committee
  uses: Uses
  finalAfter: number
  /** Seconds for which a quorum held here may be missing. */
  omission: number
}

export interface Proposal {
  settlement: MessageOf<'Settlement'>
  document: SettlementDocument
}

/**
 * Checks a proposal against the chain and against what is held here, and recomputes it: amounts, leaves, root and
 * digest come out alike or it is refused. Returns the document's bytes.
 *
 * @throws GranaryError SETTLEMENT_INVALID, SETTLEMENT_USE_REPEATED, SETTLEMENT_USE_MISSING, SETTLEMENT_AMOUNT_WRONG,
 *   RECEIPT_INVALID, RECEIPTS_TOO_FEW, EPOCH_MISMATCH, EPOCH_UNKNOWN
 */
export async function verifySettlement(
  parts: VerifyParts,
  view: View,
  after: Position,
  { settlement, document }: Proposal,
): Promise<Composed> {
  const { contracts, committee, deployment } = parts
  const epoch = await committee.readCurrent(view)
  if (document.epoch !== epoch || document.number !== after.number + 1) invalid('another number or epoch')
  if (document.previousDocument !== after.document) invalid('does not follow the last settlement')
  if ((document.voidings ?? 0) !== after.voidings) invalid('another count of voidings')
  if (document.uses.length > MOST_USES) invalid('too many uses')

  const epochs = await receiptEpochs(parts, view, document.receipts)
  await checkReceipts(parts, document, epochs)
  const requestIds = [...document.uses.map(({ request }) => request), ...document.finals]
  const requests = await readRequests(view, contracts, requestIds)
  const owners = await readOwners(
    view,
    contracts,
    document.uses.map(({ dataset }) => dataset),
  )
  const seen = new Set<string>()
  const uses = document.uses.map((use): PaidUse => {
    const key = use.request + use.dataset
    if (seen.has(key) || parts.uses.isSettled(use.request, use.dataset)) {
      throw new GranaryError('SETTLEMENT_USE_REPEATED', { request: use.request, dataset: use.dataset })
    }
    seen.add(key)
    const record = requests.get(use.request)
    const owner = owners.get(use.dataset)
    if (!isSettleable(record) || owner === undefined)
      return invalid('a use of a closed request or unknown dataset')
    const { request, dataset } = use
    const { price, treasuryBps, custodiansBps } = record
    const receipts = quorum(use, document.receipts, epochs)
    return { request, dataset, owner, price, treasuryBps, custodiansBps, receipts }
  })
  for (const [request, record] of requests) {
    const spent = uses.reduce((sum, use) => (use.request === request ? sum + use.price : sum), record.spent)
    if (spent > escrowOf(record)) invalid('more than the escrow of a request')
  }
  for (const request of document.finals) {
    const record = requests.get(request)
    if (!isSettleable(record) || record.expires + parts.finalAfter >= view.time)
      invalid('a request is final too early')
  }
  const [treasury] = await view.confirmed([contracts.treasury()])
  if (treasury === null) throw new GranaryError('CHAIN_UNAVAILABLE')
  const again = await compose({ deployment, after, epoch, treasury, uses, finals: document.finals })
  if (structHash('Settlement', again.settlement) !== structHash('Settlement', settlement)) {
    throw new GranaryError('SETTLEMENT_AMOUNT_WRONG', { number: document.number })
  }
  await checkOmissions(parts, view, again, seen)
  return again
}

async function receiptEpochs(
  { committee }: VerifyParts,
  view: View,
  receipts: readonly SettlementReceipt[],
): Promise<Map<number, Epoch>> {
  const epochs = new Map<number, Epoch>()
  for (const { epoch } of receipts)
    if (!epochs.has(epoch)) epochs.set(epoch, await committee.epoch(epoch, view))
  return epochs
}

async function checkReceipts(
  { deployment }: VerifyParts,
  { receipts }: SettlementDocument,
  epochs: ReadonlyMap<number, Epoch>,
): Promise<void> {
  for (const [place, flat] of receipts.entries()) {
    const { member: account, request, epoch: number, order, datasets, time, signature, passed } = flat
    const epoch = epochs.get(number)!
    const member = epoch.members.findIndex((known) => known.account === account) + 1
    const receipt = { request, epoch: number, order, datasets, time }
    checkReceipt({ epoch: number, member, receipt, signature, passed }, epoch, deployment)
    if (place % BREATHE_EVERY === 0) await breathe()
  }
}

/** A use's receipts: of exactly t distinct members of one epoch, for this request and dataset. */
function quorum(
  use: SettlementUse,
  receipts: readonly SettlementReceipt[],
  epochs: ReadonlyMap<number, Epoch>,
): SettlementReceipt[] {
  const listed = use.receipts.map((place) => receipts[place] ?? invalid('a receipt is not in the list'))
  const [first] = listed
  const members = new Set(listed.map(({ member }) => member))
  const fits = listed.every(
    ({ request, epoch, passed }) =>
      request === use.request && epoch === first!.epoch && passed.includes(use.dataset),
  )
  if (!fits) throw new GranaryError('RECEIPT_INVALID', { request: use.request, dataset: use.dataset })
  const { threshold } = epochs.get(first!.epoch)!
  if (members.size !== threshold || listed.length !== threshold) throw new GranaryError('RECEIPTS_TOO_FEW')
  return listed
}

/**
 * No quorum held here for long may be left out, unless the document is full or the escrow does not hold its price (what a
 * voided settlement took is given back in a transaction of its own); none at all of a request that ends.
 */
async function checkOmissions(
  parts: VerifyParts,
  view: View,
  { document, settlement, bytes }: Composed,
  paid: ReadonlySet<string>,
): Promise<void> {
  const finals = new Set(document.finals)
  const full = document.uses.length >= MOST_USES / 2 || bytes.length >= MAX_DOCUMENT_BYTES / 4
  const left = parts.uses
    .due(parts.committee.known)
    .filter(({ request, dataset }) => !paid.has(request + dataset))
  const ended = left.find(({ request }) => finals.has(request))
  if (ended !== undefined) missing(ended)
  if (full) return
  const late = left.filter(({ since }) => since + parts.omission < view.time)
  const records = await readRequests(
    view,
    parts.contracts,
    late.map(({ request }) => request),
  )
  for (const use of late) {
    const record = records.get(use.request)
    const spending = settlement.spending.find(({ request }) => request === use.request)?.amount ?? 0n
    if (isSettleable(record) && spending + record.price <= heldOf(record)) missing(use)
  }
}

function missing({ request, dataset }: { request: Hex; dataset: Hex }): never {
  throw new GranaryError('SETTLEMENT_USE_MISSING', { request, dataset })
}

function invalid(why: string): never {
  throw new GranaryError('SETTLEMENT_INVALID', `the settlement is refused: ${why}`)
}
