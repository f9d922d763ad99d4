import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { concatBytes, hexToBytes, randomBytes } from '@noble/hashes/utils.js'
import { ascii } from '../bytes.js'
import { SealingError, type SealingErrorCode } from '../errors.js'

/** ristretto255 (RFC 9496) as the committee uses it: 32-byte canonical encodings, the identity and zero refused. */

export const Point = ristretto255.Point
export type Point = InstanceType<typeof Point>

/** Integers modulo the group's order. */
export const Scalars = Point.Fn

export const G = Point.BASE

/**
 * The second generator: hash_to_ristretto255 (RFC 9380) of `granary/v1 second generator` with DST `granary/v1 H`.
 * Nobody knows its logarithm to the base G.
 */
export const SECOND_GENERATOR = '48f683338eeb42b5ce6f973cd4146c6312e2fd29593328fc77defae61cd2585d'
export const H = Point.fromBytes(hexToBytes(SECOND_GENERATOR))

export const DST_SEAL = 'granary/v1 seal'
export const DST_SHARE = 'granary/v1 share'

/** @throws `code` unless `bytes` canonically encode an element other than the identity */
export function decodePoint(bytes: Uint8Array, name: string, code: SealingErrorCode): Point {
  let point: Point | null = null
  try {
    point = Point.fromBytes(bytes)
  } catch {
    // Reported below, with our own code.
  }
  // noble decodes the identity: 32 zero bytes are canonical.
  if (point === null || point.is0()) throw new SealingError(code, `${name}: not a point of the group`)
  return point
}

/** @throws `code` unless `bytes` are a little-endian integer above zero and below the order */
export function decodeScalar(bytes: Uint8Array, name: string, code: SealingErrorCode): bigint {
  let scalar = 0n
  try {
    scalar = Scalars.fromBytes(bytes)
  } catch {
    // Reported below, with our own code.
  }
  if (scalar === 0n) throw new SealingError(code, `${name}: not a scalar`)
  return scalar
}

/** RFC 9497's HashToScalar for ristretto255-SHA512. The DST is always ours: noble would quietly use another. */
export function hashToScalar(dst: string, ...message: Uint8Array[]): bigint {
  return ristretto255_hasher.hashToScalar!(concatBytes(...message), { DST: ascii(dst) })
}

/**
 * A scalar that nobody can guess, hashed from 64 random bytes and the secrets and message that it serves, so that a
 * stuttering generator repeats it only for the same secrets and message, where repeating leaks nothing. Each part
 * but the last has a fixed length for its `purpose`.
 */
export function freshScalar(purpose: string, ...secretsAndMessage: Uint8Array[]): bigint {
  const scalar = hashToScalar(`granary/v1 fresh ${purpose}`, randomBytes(64), ...secretsAndMessage)
  return scalar === 0n ? freshScalar(purpose, ...secretsAndMessage) : scalar
}

/** a·A - b·B for public values: fast, and not constant-time. */
export function publicCombination(a: bigint, A: Point, b: bigint, B: Point): Point {
  return A.multiplyUnsafe(a).subtract(B.multiplyUnsafe(b))
}
