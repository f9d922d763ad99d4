// Check 4: consent holds: pool, purposes, not expired, not withdrawn; in ask mode an approval on chain.
import {
  type ApprovalState,
  type ConsentState,
  GranaryError,
  readFlags,
  releaseRefusal,
} from '@granary/protocol'
import { ZeroAddress } from 'ethers'
import type { DatasetSlot, RequestRecord } from '../chain/contracts.js'

const APPROVALS: readonly ApprovalState[] = ['none', 'granted', 'refused']

/** A dataset's slot, and the owner's answer to the request (0 none, 1 yes, 2 no; null when it was not asked for). */
export interface ConsentFacts {
  slot: DatasetSlot | null
  approval: number | null
}

/**
 * `confirmed` must permit, and no endpoint's `latest` may forbid. An endpoint that does not know the dataset or the
 * approval yet is behind, which forbids nothing; a yes counts only when confirmed, a no wherever it is seen.
 *
 * @param time Unix seconds
 * @returns the confirmed slot
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
  if (!isKnown(slot)) throw new GranaryError('DATASET_UNKNOWN')
  const isRefused = [confirmed, ...latest].some((facts) => approvalOf(facts) === 'refused')
  const approval = isRefused ? 'refused' : approvalOf(confirmed)
  for (const facts of [confirmed, ...latest]) {
    if (!isKnown(facts.slot)) continue
    const code = releaseRefusal(request, { now: time, dataset: stateOf(facts.slot), approval })
    if (code !== null) throw new GranaryError(code)
  }
  return slot
}

function isKnown(slot: DatasetSlot | null): slot is DatasetSlot {
  return slot !== null && slot.owner !== ZeroAddress
}

function stateOf({ pool, purposes, expires, flags }: DatasetSlot): ConsentState {
  const { ask, withdrawn } = readFlags(flags)
  return { pool, purposes, expires, ask, withdrawn }
}

function approvalOf({ approval }: ConsentFacts): ApprovalState {
  return APPROVALS[approval ?? 0] ?? 'refused'
}
