import { sha256 } from 'ethers'
import { GranaryError } from './errors.js'
import { hexToBytes } from './hex.js'

/**
 * The committee's name in sealed files: the first 16 bytes of SHA-256 of the group key, 32 hex digits without `0x`.
 *
 * @throws GranaryError ARGUMENT_INVALID when the key has not 32 bytes
 */
export function committeeId(groupKey: Uint8Array | string): string {
  const bytes = typeof groupKey === 'string' ? hexToBytes(groupKey) : groupKey
  if (bytes.length !== 32) throw new GranaryError('ARGUMENT_INVALID', 'groupKey must have 32 bytes')
  return sha256(bytes).slice(2, 34)
}
