import { SealingError } from '../errors.js'
import { decodePoint } from './group.js'
import { interpolate } from './interpolation.js'

/**
 * Checks that a committee's key is what it claims to be: its verifying shares Y_1…Y_n lie on one polynomial of degree
 * threshold - 1 whose value at zero is the group key. Without it a chain endpoint could show a key of its own.
 *
 * @param verifyingShares Y_i at position i - 1, 32 bytes each
 * @throws SHARING_INVALID; ARGUMENT_INVALID unless 1 ≤ threshold ≤ n
 */
export function checkSharing({
  groupKey,
  verifyingShares,
  threshold,
}: {
  groupKey: Uint8Array
  verifyingShares: readonly Uint8Array[]
  threshold: number
}): void {
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > verifyingShares.length)
    throw new SealingError('ARGUMENT_INVALID', 'threshold: expected 1 to the number of members')
  const Y = decodePoint(groupKey, 'groupKey', 'SHARING_INVALID')
  const members = verifyingShares.map((share, i) => ({
    index: i + 1,
    point: decodePoint(share, `verifying share ${i + 1}`, 'SHARING_INVALID'),
  }))
  const basis = members.slice(0, threshold)
  if (!interpolate(basis, 0).equals(Y))
    throw new SealingError('SHARING_INVALID', 'the verifying shares do not give the group key')
  for (const { index, point } of members.slice(threshold))
    if (!interpolate(basis, index).equals(point))
      throw new SealingError('SHARING_INVALID', `verifying share ${index} is not of the same sharing`)
}
