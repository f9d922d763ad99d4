// The sealed answer: shares for one recipient, in one age file.
import { ANSWER_VERSION, bytesToHex, type Hex, hexToBytes, type OpenedAnswer } from '@granary/protocol'
import { bytesToRecipient, createShare, sealMessage } from '@granary/sealing'
import { breathe } from '../state/each.js'
import type { Passed } from './judge.js'

/**
 * Makes this custodian's shares of what passed and seals them. All of `passed` are of one epoch.
 *
 * @param request the access request, or the struct hash of the owner's release
 * @param recipient the X25519 public key on chain, or the one that the owner signed
 * @throws SealingError RECIPIENT_INVALID
 */
export async function sealShares(
  request: Hex,
  recipient: Hex,
  passed: readonly Passed[],
): Promise<Uint8Array> {
  const to = bytesToRecipient(hexToBytes(recipient))
  const { epoch, index: member } = passed[0]!.held
  const shares: OpenedAnswer['shares'] = []
  for (const { dataset, held, stanza, label } of passed) {
    const facts = { secret: hexToBytes(held.secret), verifyingShare: hexToBytes(held.verifyingShare) }
    const { share, proof } = createShare({ ...facts, stanza, label, dataset: hexToBytes(dataset) })
    shares.push({ dataset, share: bytesToHex(share), proof: bytesToHex(proof) })
    await breathe()
  }
  const answer: OpenedAnswer = { version: ANSWER_VERSION, request, epoch: epoch.number, member, shares }
  return sealMessage(new TextEncoder().encode(JSON.stringify(answer)), to)
}
