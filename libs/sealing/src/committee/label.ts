import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { ascii, equalBytes } from '../bytes.js'
import { requireBytes, SealingError } from '../errors.js'

/** Stamped on every stanza and hashed into everything: another version is another protocol. */
export const VERSION = 'granary/v1'
export const LABEL_BYTES = 114

const VERSION_BYTES = ascii(VERSION)

/** What a committee stanza is bound to. */
export interface LabelFacts {
  /** The committee's public key Y, 32 bytes. */
  groupKey: Uint8Array
  chainId: bigint
  /** Address of the DatasetRegistry, `0x` and 40 hex digits. */
  registry: string
  /** Address of the contributor, `0x` and 40 hex digits. */
  owner: string
}

/**
 * `granary/v1` ‖ group key ‖ chain id (32, big endian) ‖ registry ‖ owner: 114 bytes. Hashed into the stanza's key,
 * proof and shares, so that a stanza copied into somebody else's file, another registry or chain opens nothing.
 *
 * @throws ARGUMENT_INVALID
 */
export function committeeLabel({ groupKey, chainId, registry, owner }: LabelFacts): Uint8Array {
  requireBytes('groupKey', groupKey, 32)
  if (typeof chainId !== 'bigint' || chainId < 0n || chainId >= 1n << 256n)
    throw new SealingError('ARGUMENT_INVALID', 'chainId: expected a bigint of at most 256 bits')
  const chain = hexToBytes(chainId.toString(16).padStart(64, '0'))
  return concatBytes(VERSION_BYTES, groupKey, chain, address('registry', registry), address('owner', owner))
}

/** First 16 bytes of SHA-256(Y) in lower-case hex: the committee's name in a stanza. */
export function committeeId(groupKey: Uint8Array): string {
  requireBytes('groupKey', groupKey, 32)
  return bytesToHex(sha256(groupKey).subarray(0, 16))
}

/** The group key inside a label. @throws ARGUMENT_INVALID unless it is a label of this version */
export function labelGroupKey(label: Uint8Array): Uint8Array {
  requireBytes('label', label, LABEL_BYTES)
  const start = VERSION_BYTES.length
  if (!equalBytes(label.subarray(0, start), VERSION_BYTES))
    throw new SealingError('ARGUMENT_INVALID', 'label: another version')
  return label.subarray(start, start + 32)
}

function address(name: string, value: string): Uint8Array {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value))
    throw new SealingError('ARGUMENT_INVALID', `${name}: expected an address`)
  return hexToBytes(value.slice(2))
}
