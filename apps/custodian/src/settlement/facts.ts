// What the chain says of requests and datasets in a settlement, read in batches.
import type { Address, Hex } from '@granary/protocol'
import { ZeroAddress } from 'ethers'
import type { View } from '../chain/chain.js'
import type { Contracts, RequestRecord } from '../chain/contracts.js'

const CALLS_AT_ONCE = 100
const IDS_AT_ONCE = 256

/** Requests by id; unknown ones are left out. */
export async function readRequests(
  view: View,
  contracts: Contracts,
  ids: readonly Hex[],
): Promise<Map<Hex, RequestRecord>> {
  const found = new Map<Hex, RequestRecord>()
  for (const part of parts([...new Set(ids)], CALLS_AT_ONCE)) {
    const records = await view.confirmed(part.map((id) => contracts.request(id)))
    for (const [place, record] of records.entries()) {
      if (record !== null && record.trainer !== ZeroAddress) found.set(part[place]!, record)
    }
  }
  return found
}

/** Owners by dataset; unknown ones are left out. */
export async function readOwners(
  view: View,
  contracts: Contracts,
  ids: readonly Hex[],
): Promise<Map<Hex, Address>> {
  const found = new Map<Hex, Address>()
  for (const part of parts([...new Set(ids)], IDS_AT_ONCE)) {
    const [slots] = await view.confirmed([contracts.datasets(part)])
    for (const [place, slot] of (slots ?? []).entries()) {
      if (slot.owner !== ZeroAddress) found.set(part[place]!, slot.owner)
    }
  }
  return found
}

/** Whether a settlement may still spend from a request. */
export function isSettleable(request: RequestRecord | undefined): request is RequestRecord {
  return request !== undefined && !request.isFinal && !request.refunded
}

/** What went into a request's escrow. */
export function escrowOf({ price, count }: RequestRecord): bigint {
  return price * BigInt(count)
}

/** What a request's escrow still holds. */
export function heldOf(request: RequestRecord): bigint {
  return escrowOf(request) - request.spent
}

function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}
