// Check 4: consent holds: pool, purposes, not expired, not withdrawn; in ask mode an approval on chain.
import { consentAllows, GranaryError, readFlags } from '@granary/protocol'
import { ZeroAddress } from 'ethers'
import type { DatasetSlot, RequestRecord } from '../chain/contracts.js'

const APPROVAL = { none: 0, yes: 1, no: 2 } as const

/** A dataset's slot, and the owner's answer to the request (0 none, 1 yes, 2 no; null when it was not asked for). */
export interface ConsentFacts {
  slot: DatasetSlot | null
  approval: number | null
}

/**
 * `confirmed` must permit, and no endpoint's `latest` may forbid. An endpoint that does not know the dataset yet is
 * behind, which forbids nothing. Ask mode seen anywhere needs the approval.
 *
 * @param time Unix seconds
 * @throws GranaryError DATASET_UNKNOWN, CONSENT_WITHDRAWN, DATASET_OTHER_POOL, CONSENT_EXPIRED,
 *   CONSENT_PURPOSE_MISSING, APPROVAL_REFUSED, APPROVAL_MISSING
 */
export function checkConsent(
  time: number,
  request: RequestRecord,
  confirmed: ConsentFacts,
  latest: readonly ConsentFacts[],
): DatasetSlot {
  const { slot } = confirmed
  if (slot === null || slot.owner === ZeroAddress) throw new GranaryError('DATASET_UNKNOWN')
  const views = [confirmed, ...latest].filter(
    (facts) => facts.slot !== null && facts.slot.owner !== ZeroAddress,
  )
  for (const { slot } of views) checkSlot(time, request, slot!)
  if (!views.some(({ slot }) => readFlags(slot!.flags).ask)) return slot
  if (views.some(({ approval }) => approval === APPROVAL.no)) throw new GranaryError('APPROVAL_REFUSED')
  if (confirmed.approval !== APPROVAL.yes) throw new GranaryError('APPROVAL_MISSING')
  return slot
}

function checkSlot(time: number, request: RequestRecord, slot: DatasetSlot): void {
  if (readFlags(slot.flags).withdrawn) throw new GranaryError('CONSENT_WITHDRAWN')
  if (slot.pool !== request.pool) throw new GranaryError('DATASET_OTHER_POOL')
  if (slot.expires !== 0 && slot.expires <= time) throw new GranaryError('CONSENT_EXPIRED')
  if (!consentAllows(slot.purposes, request.purposes)) throw new GranaryError('CONSENT_PURPOSE_MISSING')
}
