import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, randomBytes } from '@noble/hashes/utils.js'
import { Decrypter } from 'age-encryption'
import { ascii, encodeBase64, equalBytes } from './bytes.js'
import { requireBytes, SealingError } from './errors.js'
import { encodeHeader, encodeStanzas, MAX_HEADER_BYTES, macInput, readHeader, type Stanza } from './header.js'
import { checkIdentity, recipientToBytes } from './identity.js'

/** The key of one file, from which header MAC and payload key are derived. */
export const FILE_KEY_BYTES = 16

const HEADER_LABEL = ascii('header')
const X25519_LABEL = ascii('age-encryption.org/v1/X25519')

/**
 * The file key of `headerBytes` (the whole header; more bytes may follow) for the first of `identities`
 * (`AGE-SECRET-KEY-1…`) that one of its stanzas is for. The MAC has been checked when this returns.
 *
 * @throws HEADER_INVALID, HEADER_TOO_LARGE, IDENTITY_INVALID; IDENTITY_MISMATCH when no stanza is for an identity;
 *   HEADER_ALTERED when one is, but it or the MAC does not hold.
 */
export async function fileKeyFromIdentity(
  headerBytes: Uint8Array,
  identities: string[],
): Promise<Uint8Array> {
  const header = readHeader(headerBytes)
  const decrypter = new Decrypter()
  for (const identity of identities) {
    checkIdentity(identity)
    decrypter.addIdentity(identity)
  }
  // The library tries identities in order: when it asks this one, none of the others matched.
  let unmatched = false
  decrypter.addIdentity({
    unwrapFileKey() {
      unmatched = true
      return null
    },
  })
  try {
    return await decrypter.decryptHeader(headerBytes.subarray(0, header.length))
  } catch (cause) {
    throw unmatched
      ? new SealingError('IDENTITY_MISMATCH', 'the file is not sealed to any of these identities')
      : new SealingError('HEADER_ALTERED', 'the header was altered', { cause })
  }
}

/**
 * Checks that the header was written by somebody who had `fileKey` and has not changed since.
 *
 * @throws HEADER_ALTERED; HEADER_INVALID, HEADER_TOO_LARGE when it does not parse
 */
export function verifyHeaderMac(headerBytes: Uint8Array, fileKey: Uint8Array): void {
  requireBytes('fileKey', fileKey, FILE_KEY_BYTES)
  const header = readHeader(headerBytes)
  if (!equalBytes(header.mac, headerMac(macInput(headerBytes, header), fileKey)))
    throw new SealingError('HEADER_ALTERED', 'the header was altered, or this is not its key')
}

/**
 * An ordinary age header for `recipients` (`age1…`, X25519) around an existing file key: put before the payload of
 * the same file, it makes a file that any age tool opens. Names no committee.
 *
 * @throws RECIPIENT_INVALID, ARGUMENT_INVALID, HEADER_TOO_LARGE
 */
export async function wrapHeader(fileKey: Uint8Array, recipients: string[]): Promise<Uint8Array> {
  requireBytes('fileKey', fileKey, FILE_KEY_BYTES)
  if (recipients.length === 0) throw new SealingError('ARGUMENT_INVALID', 'recipients: expected at least one')
  const stanzas = recipients.map((recipient) => wrapForX25519(fileKey, recipientToBytes(recipient)))
  const header = encodeHeader(stanzas, headerMac(encodeStanzas(stanzas), fileKey))
  if (header.length > MAX_HEADER_BYTES)
    throw new SealingError('HEADER_TOO_LARGE', `too many recipients for ${MAX_HEADER_BYTES} bytes`)
  return header
}

function headerMac(covered: Uint8Array, fileKey: Uint8Array): Uint8Array {
  return hmac(sha256, hkdf(sha256, fileKey, undefined, HEADER_LABEL, 32), covered)
}

function wrapForX25519(fileKey: Uint8Array, recipient: Uint8Array): Stanza {
  const ephemeral = randomBytes(32)
  const share = x25519.getPublicKey(ephemeral)
  const shared = x25519.getSharedSecret(ephemeral, recipient)
  const key = hkdf(sha256, shared, concatBytes(share, recipient), X25519_LABEL, 32)
  // A zero nonce is age's choice: the key wraps this one file key and nothing else.
  const body = chacha20poly1305(key, new Uint8Array(12)).encrypt(fileKey)
  return { args: ['X25519', encodeBase64(share)], body }
}
