import { GranaryError } from './errors.js'
import { bytesToHex, type Hex, hexToBytes } from './hex.js'

// The u-coordinates of low order on Curve25519, little endian, in every encoding below 2^255.
const LOW_ORDER: ReadonlySet<string> = new Set([
  '0x0000000000000000000000000000000000000000000000000000000000000000',
  '0x0100000000000000000000000000000000000000000000000000000000000000',
  '0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  '0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/**
 * Whether anybody could open what is sealed to this X25519 key (32 bytes). The top bit does not count.
 *
 * @throws GranaryError RECIPIENT_INVALID unless it has 32 bytes
 */
export function isLowOrderRecipient(recipient: Hex): boolean {
  let bytes: Uint8Array
  try {
    bytes = hexToBytes(recipient, 32)
  } catch (cause) {
    throw new GranaryError('RECIPIENT_INVALID', undefined, { cause })
  }
  bytes[31]! &= 0x7f
  return LOW_ORDER.has(bytesToHex(bytes))
}
