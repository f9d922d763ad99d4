// The six checks over an order, in their order.
import {
  type Deployment,
  GranaryError,
  type Hex,
  MAX_DATASETS_PER_ORDER,
  type OrderedDataset,
  type Refusal,
  readFlags,
  type SignedOrder,
  toGranaryError,
} from '@granary/protocol'
import type { Chain, View } from '../chain/chain.js'
import type { Contracts, DatasetSlot, RequestRecord } from '../chain/contracts.js'
import { type ConsentFacts, checkConsent } from '../checks/consent.check.js'
import { checkContent } from '../checks/content.check.js'
import { checkManifest } from '../checks/manifest.check.js'
import { checkOrder } from '../checks/order.check.js'
import { checkRequest } from '../checks/request.check.js'
import { type CheckedStanza, checkStanza } from '../checks/stanza.check.js'
import type { Shares } from '../committee/shares.js'
import type { FirstLeaf } from '../content/first-leaf.js'
import { breathe, eachLimited } from '../state/each.js'

const READERS = 8

/** A dataset that passed, with the stanza that may be opened. */
export interface Passed extends CheckedStanza {
  dataset: Hex
}

export interface Judgement {
  request: RequestRecord
  /** Unix seconds at which the checks were made. */
  time: number
  passed: Passed[]
  refused: Refusal[]
}

/** What every judgement needs. */
export interface Bench {
  chain: Chain
  contracts: Contracts
  deployment: Deployment
  shares: Shares
  firstLeaf: FirstLeaf
}

/**
 * Judges an order. A fault of the whole order throws; a fault of one dataset refuses that one.
 *
 * @throws GranaryError of checks 1 and 2
 */
export async function judgeOrder(bench: Bench, signed: SignedOrder): Promise<Judgement> {
  const { chain, contracts, deployment, shares } = bench
  shares.newest()
  const view = await chain.view()
  const [found] = await view.confirmed([contracts.request(signed.order.request)])
  const request = await checkOrder(view, deployment, signed, found)
  const ids = signed.datasets.map(({ dataset }) => dataset)
  const calls = [
    contracts.request(signed.order.request),
    contracts.trainer(request.trainer),
    contracts.datasets(ids),
  ] as const
  const [confirmed, latest] = await Promise.all([view.confirmed([...calls]), view.latest([...calls])])
  const requestFacts = ([record, trainer]: readonly [RequestRecord | null, unknown, unknown]) => ({
    request: record,
    trainer: trainer as never,
  })
  checkRequest(view.time, requestFacts(confirmed), latest.map(requestFacts))

  const slots = [confirmed[2], ...latest.map((answers) => answers[2])]
  const facts = await consentFacts(bench, view, signed, slots)
  const verdicts = await eachLimited(signed.datasets, READERS, async (item, place) => {
    const [first, ...others] = facts[place]!
    return verdict(item.dataset, () => judgeDataset(bench, view.time, request, item, first!, others))
  })
  return { request, time: view.time, ...sortOut(verdicts) }
}

async function judgeDataset(
  bench: Bench,
  time: number,
  request: RequestRecord,
  item: OrderedDataset,
  confirmed: ConsentFacts,
  latest: readonly ConsentFacts[],
): Promise<CheckedStanza> {
  checkManifest(request, item)
  const slot = checkConsent(time, request, confirmed, latest)
  return openable(bench, slot, item)
}

/** Checks 5 and 6. */
export async function openable(
  { firstLeaf, shares, deployment }: Bench,
  slot: DatasetSlot,
  claim: { dataset: Hex; content: Hex },
): Promise<CheckedStanza> {
  const stanza = await checkContent(firstLeaf, slot, claim)
  await breathe()
  return checkStanza(shares, deployment, slot.owner, stanza)
}

/** For each dataset its facts at the confirmed block, then at every endpoint's latest. Approvals only in ask mode. */
async function consentFacts(
  { contracts }: Bench,
  view: View,
  { order, datasets }: SignedOrder,
  slots: readonly (DatasetSlot[] | null)[],
): Promise<ConsentFacts[][]> {
  const asking = datasets.flatMap((_, place) =>
    slots.some((list) => readFlags(list?.[place]?.flags ?? 0).ask) ? [place] : [],
  )
  const calls = asking.map((place) => contracts.approval(order.request, datasets[place]!.dataset))
  const nothing = slots.map(() => [] as (number | null)[])
  const approvals =
    calls.length === 0 ? nothing : [await view.confirmed(calls), ...(await view.latest(calls))]
  return datasets.map((_, place) => {
    const asked = asking.indexOf(place)
    const rows = Math.max(slots.length, approvals.length)
    return Array.from({ length: rows }, (_, row) => ({
      slot: slots[row]?.[place] ?? null,
      approval: asked < 0 ? null : (approvals[row]?.[asked] ?? null),
    }))
  })
}

/** A dataset's outcome: what may be opened, or why not. */
export type Verdict = { dataset: Hex; checked: CheckedStanza } | Refusal

/** Runs a dataset's checks; only faults of the dataset become refusals, a chain that fails ends the order. */
export async function verdict(dataset: Hex, check: () => Promise<CheckedStanza>): Promise<Verdict> {
  try {
    return { dataset, checked: await check() }
  } catch (error) {
    const { code, message } = toGranaryError(error)
    if (code === 'INTERNAL' || code.startsWith('CHAIN_')) throw error
    return { dataset, code, message }
  }
}

/**
 * Parts what passed from what did not. A receipt is of one epoch, so datasets whose share is of another epoch than the
 * first one's are refused; they can be ordered by themselves.
 */
export function sortOut(verdicts: readonly Verdict[]): { passed: Passed[]; refused: Refusal[] } {
  const passed: Passed[] = []
  const refused: Refusal[] = []
  for (const item of verdicts.slice(0, MAX_DATASETS_PER_ORDER)) {
    if ('code' in item) {
      refused.push(item)
      continue
    }
    const { dataset, checked } = item
    const epoch = passed[0]?.held.epoch.number
    if (epoch === undefined || epoch === checked.held.epoch.number) {
      passed.push({ dataset, ...checked })
      continue
    }
    const { code, message } = new GranaryError(
      'EPOCH_MISMATCH',
      'sealed to another committee than the first dataset',
    )
    refused.push({ dataset, code, message })
  }
  return { passed, refused }
}
