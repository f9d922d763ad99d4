import { GranaryError, type Hex, MAX_DATASETS_PER_ORDER, manifestProofs } from '@granary/protocol'
import { identityToRecipient, recipientToBytes } from '@granary/sealing'
import { hexlify } from 'ethers'
import type { Context } from './context.js'
import { createFaults, type Failure } from './faults.js'
import { activeCommittee, type Committee } from './network.js'
import { checkedEntries, type ManifestEntry, signOrder } from './order.js'
import { gatherReceipts } from './receipts.js'
import { gatherShares, type ShareOf } from './shares.js'

/** What one custodian did for an order: datasets it receipted or gave its share of, and why not where it failed. */
export interface CustodianStep {
  step: 'receipt' | 'share'
  member: number
  datasets: number
  code: string | null
}

export interface ReleaseOptions {
  /** The age identity whose recipient the request names on chain. */
  identity: string
  /** Only these datasets of the request; default: all. */
  datasets?: readonly Hex[]
  signal?: AbortSignal
  /** As each order goes on, once for each custodian and step. */
  onCustodian?: (step: CustodianStep) => void
}

/** A dataset whose shares were handed over: with these the file can be opened, locally. */
export interface Released extends ManifestEntry {
  committee: Committee
  shares: ShareOf[]
}

export interface Release {
  released: Released[]
  failed: Failure[]
  /** Custodians that could not be reached or whose answers did not hold, with the reason. */
  custodians: { member: number; code: string }[]
}

/**
 * Obtains keys for the datasets of a request, in orders of at most 256: receipts of the custodians first, then against
 * these their shares. A custodian that is down costs nothing but time as long as the threshold answers.
 * Datasets that are refused are in `failed`; a fault of a whole order is thrown by its code.
 */
export async function release(context: Context, request: Hex, options: ReleaseOptions): Promise<Release> {
  const facts = await context.network()
  const chain = await context.chain()
  const onChain = await chain.request(request)
  const recipient = hexlify(recipientToBytes(await identityToRecipient(options.identity)))
  if (recipient !== onChain.recipient)
    throw new GranaryError(
      'IDENTITY_MISMATCH',
      'the request is sealed to another identity than the one given',
    )
  const committee = await chain.committee(activeCommittee(facts).epoch)

  const manifest = await context.callSigned<Parameters<typeof checkedEntries>[0]>(
    `/v1/access-requests/${request}/manifest`,
  )
  const all = checkedEntries(manifest, onChain)
  const proofOf = manifestProofs(all.map((entry) => entry.dataset))
  const wanted = select(all, options.datasets)

  const result: Release = { released: [], failed: [], custodians: [] }
  for (let start = 0; start < wanted.length; start += MAX_DATASETS_PER_ORDER) {
    const entries = wanted.slice(start, start + MAX_DATASETS_PER_ORDER)
    const part = await releaseOrder(context, { request, entries, proofOf, committee, ...options })
    result.released.push(...part.released)
    result.failed.push(...part.failed)
    result.custodians.push(...part.custodians)
  }
  return result
}

interface Order extends ReleaseOptions {
  request: Hex
  entries: ManifestEntry[]
  proofOf: (index: number) => Hex[]
  committee: Committee
}

async function releaseOrder(context: Context, given: Order): Promise<Release> {
  const { request, entries, proofOf, committee, identity, signal } = given
  const { threshold, members } = committee
  const faults = createFaults()
  const { order, digest } = await signOrder(context, request, entries, proofOf)
  const datasets = entries.map((entry) => entry.dataset)

  const receipts = await gatherReceipts(
    context,
    { request, order, digest, datasets, committee, signal },
    faults,
  )
  for (const { index: member } of members) {
    const receipt = receipts.find((one) => one.member === member)
    const code = receipt ? null : (faults.members.get(member) ?? null)
    given.onCustodian?.({ step: 'receipt', member, datasets: receipt?.passed.length ?? 0, code })
  }
  const passes = (dataset: Hex) =>
    receipts.filter(({ passed }) => (passed as string[]).includes(dataset)).length
  const silent = members.length - receipts.length
  if (silent > members.length - threshold && faults.members.size > members.length - threshold)
    throw faults.quorumError(members.length, threshold, false)

  const enough = entries.filter(({ dataset }) => passes(dataset) >= threshold)
  const shares =
    enough.length === 0
      ? new Map<string, ShareOf[]>()
      : await gatherShares(context, { request, order, receipts, committee, identity, signal }, faults)

  const sharing = enough.length === 0 ? [] : receipts
  for (const { member } of sharing) {
    const own = [...shares.values()].filter((all) => all.some((share) => share.member === member)).length
    const code = own > 0 ? null : (faults.members.get(member) ?? null)
    given.onCustodian?.({ step: 'share', member, datasets: own, code })
  }

  const released: Released[] = []
  const failed: Failure[] = []
  for (const entry of entries) {
    const own = shares.get(entry.dataset) ?? []
    if (own.length >= threshold) released.push({ ...entry, committee, shares: own })
    else {
      const { code, message } = faults.quorumError(
        members.length,
        threshold,
        passes(entry.dataset) >= threshold,
      )
      failed.push(faults.failure(entry.dataset, { code, message }))
    }
  }
  return { released, failed, custodians: [...faults.members].map(([member, code]) => ({ member, code })) }
}

function select(all: ManifestEntry[], datasets?: readonly Hex[]): ManifestEntry[] {
  if (!datasets) return all
  const wanted = new Set(datasets.map((id) => id.toLowerCase()))
  const found = all.filter((entry) => wanted.has(entry.dataset))
  if (found.length === wanted.size) return found
  throw new GranaryError('DATASET_NOT_IN_MANIFEST', 'the request does not name all of these datasets')
}
