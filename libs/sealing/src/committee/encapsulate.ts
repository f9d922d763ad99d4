import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { ascii, equalBytes } from '../bytes.js'
import { requireBytes, SealingError } from '../errors.js'
import type { Stanza } from '../header.js'
import { decodePoint, freshScalar, G, H, Scalars } from './group.js'
import { committeeId, labelGroupKey } from './label.js'
import { type CommitteeStanza, encodeCommitteeStanza } from './stanza.js'
import { sealChallenge } from './stanza.proof.js'

const KEY_INFO = ascii('granary/v1 file key')
const ZERO_NONCE = new Uint8Array(12)
const FILE_KEY_BYTES = 16

interface Facts {
  groupKey: Uint8Array
  /** `committeeLabel` of the same group key. */
  label: Uint8Array
}

/**
 * Seals a 16-byte file key to a committee: TDH2 as a key encapsulation over ristretto255.
 *
 * @throws ARGUMENT_INVALID
 */
export function encapsulate(fileKey: Uint8Array, { groupKey, label }: Facts): Stanza {
  requireBytes('fileKey', fileKey, FILE_KEY_BYTES)
  const r = freshScalar('r', fileKey, label)
  const t = freshScalar('t', fileKey, Scalars.toBytes(r), label)
  return encodeCommitteeStanza(encapsulateWith(fileKey, { groupKey, label }, { r, t }))
}

/** `encapsulate` with its randomness given: for known answers. Never use an r or t twice. */
export function encapsulateWith(
  fileKey: Uint8Array,
  { groupKey, label }: Facts,
  { r, t }: { r: bigint; t: bigint },
): CommitteeStanza {
  requireBytes('fileKey', fileKey, FILE_KEY_BYTES)
  const Y = decodePoint(groupKey, 'groupKey', 'ARGUMENT_INVALID')
  if (!equalBytes(labelGroupKey(label), groupKey))
    throw new SealingError('ARGUMENT_INVALID', 'label: names another group key')
  const R = G.multiply(r).toBytes()
  const Rprime = H.multiply(r).toBytes()
  const key = wrappingKey(Y.multiply(r).toBytes(), R, label)
  const c = chacha20poly1305(key, ZERO_NONCE, label).encrypt(fileKey)
  const e = sealChallenge({ c, R, Rprime }, label, G.multiply(t).toBytes(), H.multiply(t).toBytes())
  const f = Scalars.add(t, Scalars.mul(r, e))
  return {
    committeeId: committeeId(groupKey),
    R,
    c,
    Rprime,
    e: Scalars.toBytes(e),
    f: Scalars.toBytes(f),
  }
}

/**
 * The file key, from `point` = r·Y as `combineShares` gives it.
 *
 * @throws OPEN_FAILED when point, label and stanza do not belong together
 */
export function decapsulate({
  point,
  stanza,
  label,
}: {
  point: Uint8Array
  stanza: CommitteeStanza
  label: Uint8Array
}): Uint8Array {
  labelGroupKey(label)
  decodePoint(point, 'point', 'OPEN_FAILED')
  try {
    return chacha20poly1305(wrappingKey(point, stanza.R, label), ZERO_NONCE, label).decrypt(stanza.c)
  } catch (cause) {
    throw new SealingError('OPEN_FAILED', 'the shares do not open this stanza', { cause })
  }
}

/** The key for one file key. R is its salt and r is fresh, so no key meets a second plaintext under the zero nonce. */
function wrappingKey(point: Uint8Array, R: Uint8Array, label: Uint8Array): Uint8Array {
  return hkdf(sha256, point, R, concatBytes(KEY_INFO, label), 32)
}
