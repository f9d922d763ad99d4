import { SealingError } from '../errors.js'
import { decodePoint } from './group.js'
import { interpolate } from './interpolation.js'

/**
 * r·Y from at least `threshold` shares of distinct members of one sharing: Σ λ_i·D_i. Takes the first `threshold`
 * of them. Verify each with `verifyShare` first: a false one gives a point that opens nothing and blames nobody.
 *
 * @throws SHARES_TOO_FEW, SHARE_INVALID (an encoding), ARGUMENT_INVALID (indices), OPEN_FAILED
 */
export function combineShares(
  shares: readonly { index: number; share: Uint8Array }[],
  threshold: number,
): Uint8Array {
  if (!Number.isSafeInteger(threshold) || threshold < 1)
    throw new SealingError('ARGUMENT_INVALID', 'threshold: expected a whole number from 1')
  if (shares.length < threshold)
    throw new SealingError('SHARES_TOO_FEW', `${threshold} shares are needed, ${shares.length} are here`)
  const members = shares
    .slice(0, threshold)
    .map(({ index, share }) => ({ index, point: decodePoint(share, `share ${index}`, 'SHARE_INVALID') }))
  const point = interpolate(members, 0)
  if (point.is0()) throw new SealingError('OPEN_FAILED', 'the shares do not belong together')
  return point.toBytes()
}
