// Check 5: the header is read by the custodian itself, from blocks whose hashes lead from the dataset's id to it.
import { type Address, contentToCid, datasetId, GranaryError, type Hex, readFlags } from '@granary/protocol'
import { type CommitteeStanza, findCommitteeStanza, readHeader } from '@granary/sealing'
import type { DatasetSlot } from '../chain/contracts.js'
import type { FirstLeaf } from '../content/first-leaf.js'

/**
 * @param claim the dataset and the content that the order claims for it
 * @returns the one committee stanza of the sealed file's header
 * @throws GranaryError CONTENT_NOT_OF_DATASET, CONTENT_UNAVAILABLE, CONTENT_ALTERED, BLOCK_TOO_LARGE;
 *   SealingError HEADER_INVALID, HEADER_TOO_LARGE, STANZA_MISSING, STANZA_REPEATED, STANZA_INVALID
 */
export async function checkContent(
  firstLeaf: FirstLeaf,
  slot: DatasetSlot,
  { dataset, content }: { dataset: Hex; content: Hex },
): Promise<CommitteeStanza> {
  if (datasetId(slot.owner as Address, content) !== dataset) throw new GranaryError('CONTENT_NOT_OF_DATASET')
  const leaf = await firstLeaf.read(contentToCid(content, readFlags(slot.flags).rawRoot))
  return findCommitteeStanza(readHeader(leaf))
}
