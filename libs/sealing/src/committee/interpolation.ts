import { SealingError } from '../errors.js'
import { Point, Scalars } from './group.js'

/** A point of a sharing: member `index` (1 to n) holds the polynomial's value there. */
export interface Member {
  index: number
  point: Point
}

/** Lagrange coefficients of the value at `x` from the values at `indices`, modulo the order, in their order. */
export function lagrangeCoefficients(indices: readonly number[], x: number): bigint[] {
  for (const index of indices)
    if (!Number.isSafeInteger(index) || index < 1)
      throw new SealingError('ARGUMENT_INVALID', 'index: expected a whole number from 1')
  if (new Set(indices).size !== indices.length)
    throw new SealingError('ARGUMENT_INVALID', 'index: the same member twice')
  return indices.map((index) => {
    let numerator = 1n
    let denominator = 1n
    for (const other of indices) {
      if (other === index) continue
      numerator = Scalars.mul(numerator, Scalars.create(BigInt(x - other)))
      denominator = Scalars.mul(denominator, Scalars.create(BigInt(index - other)))
    }
    return Scalars.mul(numerator, Scalars.inv(denominator))
  })
}

/** The value at `x` of the polynomial through `members`, in the exponent. */
export function interpolate(members: readonly Member[], x: number): Point {
  const coefficients = lagrangeCoefficients(
    members.map(({ index }) => index),
    x,
  )
  return members.reduce((sum, { point }, i) => sum.add(point.multiplyUnsafe(coefficients[i]!)), Point.ZERO)
}
