// Check 6: the committee is one whose share this custodian holds; encodings, label and proof are valid.
import { type Address, type Deployment, hexToBytes } from '@granary/protocol'
import { type CommitteeStanza, committeeLabel, verifyCommitteeStanza } from '@granary/sealing'
import type { HeldShare, Shares } from '../committee/shares.js'

/** A stanza that may be opened, with what the share needs. */
export interface CheckedStanza {
  stanza: CommitteeStanza
  label: Uint8Array
  held: HeldShare
}

/**
 * Without the label somebody could copy a stanza from another owner's file into a file of its own.
 *
 * @throws GranaryError COMMITTEE_UNKNOWN, SealingError STANZA_INVALID
 */
export function checkStanza(
  shares: Shares,
  deployment: Deployment,
  owner: Address,
  stanza: CommitteeStanza,
): CheckedStanza {
  const held = shares.byKeyName(stanza.committeeId)
  const groupKey = hexToBytes(held.epoch.groupKey)
  const { chainId, datasetRegistry: registry } = deployment
  const label = committeeLabel({ groupKey, chainId: BigInt(chainId), registry, owner })
  verifyCommitteeStanza(stanza, { groupKey, label })
  return { stanza, label, held }
}
