import { concatBytes } from '@noble/hashes/utils.js'
import { equalBytes } from '../bytes.js'
import { requireBytes, SealingError } from '../errors.js'
import {
  DST_SHARE,
  decodePoint,
  decodeScalar,
  freshScalar,
  G,
  hashToScalar,
  publicCombination,
  Scalars,
} from './group.js'
import { labelGroupKey } from './label.js'
import type { CommitteeStanza } from './stanza.js'
import { verifyCommitteeStanza } from './stanza.proof.js'

/** One custodian's part of opening one stanza. */
export interface Share {
  /** D_i = s_i·R, 32 bytes. t of them give the key: secret to everyone but the one it is released to. */
  readonly share: Uint8Array
  /** e_i ‖ z: that D_i and Y_i have one logarithm, bound to label and dataset. 64 bytes. */
  readonly proof: Uint8Array
}

interface ShareFacts {
  /** Y_i = s_i·G, 32 bytes, as it stands on chain. */
  verifyingShare: Uint8Array
  stanza: CommitteeStanza
  label: Uint8Array
  /** Dataset id, 32 bytes. */
  dataset: Uint8Array
}

/**
 * A custodian's share of `stanza`. Checks the stanza's public proof first: without it the secret would answer
 * chosen questions. Checks no consent; that is the caller's work, before.
 *
 * `secret` multiplies R, which the asker picks, by bigint arithmetic that is not constant-time. It is therefore
 * blinded as (s_i - b)·R + b·R with a fresh b: timing then tells about b, which is never used again.
 *
 * @throws STANZA_INVALID, ARGUMENT_INVALID
 */
export function createShare({ secret, ...facts }: ShareFacts & { secret: Uint8Array }): Share {
  requireBytes('secret', secret, 32)
  requireBytes('dataset', facts.dataset, 32)
  const { stanza, label, dataset } = facts
  const message = concatBytes(label, dataset, stanza.R)
  const k = freshScalar('k', secret, message)
  const b = freshScalar('b', secret, message)
  return createShareWith({ secret, ...facts }, { k, b })
}

/** `createShare` with its randomness given: for known answers. Never use a k twice. */
export function createShareWith(
  { secret, verifyingShare, stanza, label, dataset }: ShareFacts & { secret: Uint8Array },
  { k, b }: { k: bigint; b: bigint },
): Share {
  const s = decodeScalar(secret, 'secret', 'ARGUMENT_INVALID')
  const rest = Scalars.sub(s, b)
  if (rest === 0n) throw new SealingError('ARGUMENT_INVALID', 'b: equals the secret')
  if (!equalBytes(G.multiply(rest).add(G.multiply(b)).toBytes(), verifyingShare))
    throw new SealingError('ARGUMENT_INVALID', 'verifyingShare: does not belong to the secret')
  verifyCommitteeStanza(stanza, { groupKey: labelGroupKey(label), label })
  const R = decodePoint(stanza.R, 'R', 'STANZA_INVALID')
  const share = R.multiply(rest).add(R.multiply(b)).toBytes()
  const e = shareChallenge(
    { verifyingShare, stanza, label, dataset },
    share,
    G.multiply(k).toBytes(),
    R.multiply(k).toBytes(),
  )
  const z = Scalars.add(k, Scalars.mul(s, e))
  return { share, proof: concatBytes(Scalars.toBytes(e), Scalars.toBytes(z)) }
}

/**
 * Whether `share` is the right one of the custodian whose verifying share this is, for this stanza, label and
 * dataset. Malformed shares are false, not errors. Does not check the stanza's own proof.
 */
export function verifyShare({
  share,
  proof,
  verifyingShare,
  stanza,
  label,
  dataset,
}: Share & ShareFacts): boolean {
  requireBytes('dataset', dataset, 32)
  labelGroupKey(label)
  if (proof.length !== 64) return false
  try {
    const Y = decodePoint(verifyingShare, 'verifyingShare', 'SHARE_INVALID')
    const R = decodePoint(stanza.R, 'R', 'SHARE_INVALID')
    const D = decodePoint(share, 'share', 'SHARE_INVALID')
    const e = decodeScalar(proof.subarray(0, 32), 'proof', 'SHARE_INVALID')
    const z = decodeScalar(proof.subarray(32), 'proof', 'SHARE_INVALID')
    const kG = publicCombination(z, G, e, Y).toBytes()
    const kR = publicCombination(z, R, e, D).toBytes()
    return shareChallenge({ verifyingShare, stanza, label, dataset }, share, kG, kR) === e
  } catch (error) {
    if (error instanceof SealingError && error.code === 'SHARE_INVALID') return false
    throw error
  }
}

function shareChallenge(
  { verifyingShare, stanza, label, dataset }: ShareFacts,
  share: Uint8Array,
  kG: Uint8Array,
  kR: Uint8Array,
): bigint {
  return hashToScalar(DST_SHARE, label, dataset, verifyingShare, stanza.R, share, kG, kR)
}
