import { equalBytes } from '../bytes.js'
import { SealingError } from '../errors.js'
import { DST_SEAL, decodePoint, G, H, hashToScalar, publicCombination } from './group.js'
import { committeeId, labelGroupKey } from './label.js'
import { type CommitteeStanza, decodeStanza } from './stanza.js'

/** The challenge of the stanza's proof that R and R' have one logarithm, bound to c and label. */
export function sealChallenge(
  stanza: Pick<CommitteeStanza, 'c' | 'R' | 'Rprime'>,
  label: Uint8Array,
  tG: Uint8Array,
  tH: Uint8Array,
): bigint {
  return hashToScalar(DST_SEAL, stanza.c, label, stanza.R, tG, stanza.Rprime, tH)
}

/**
 * The public proof: whoever made this stanza knew r and made it for this label. Anyone can check it, and everyone
 * who meets a stanza does, before anybody pays. It does not prove that c holds the key of the file around it: only
 * opening shows that.
 *
 * @throws STANZA_INVALID when the committee is another, an encoding is bad or the proof does not hold;
 *   ARGUMENT_INVALID when the label is not one of `groupKey`
 */
export function verifyCommitteeStanza(
  stanza: CommitteeStanza,
  { groupKey, label }: { groupKey: Uint8Array; label: Uint8Array },
): void {
  decodePoint(groupKey, 'groupKey', 'ARGUMENT_INVALID')
  if (!equalBytes(labelGroupKey(label), groupKey))
    throw new SealingError('ARGUMENT_INVALID', 'label: names another group key')
  if (stanza.committeeId !== committeeId(groupKey))
    throw new SealingError('STANZA_INVALID', 'the stanza is for another committee')
  const { R, Rprime, e, f } = decodeStanza(stanza)
  const tG = publicCombination(f, G, e, R).toBytes()
  const tH = publicCombination(f, H, e, Rprime).toBytes()
  if (sealChallenge(stanza, label, tG, tH) !== e)
    throw new SealingError('STANZA_INVALID', 'the proof of the committee stanza does not hold')
}
