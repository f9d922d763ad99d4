import { GranaryError } from './errors.js'

/**
 * `value` as RFC 8785 (JCS) JSON in UTF-8: the same value always gives the same bytes.
 *
 * Takes null, booleans, finite numbers, well-formed strings, arrays and plain objects of these; members that are
 * `undefined` are left out. Amounts above 2^53 belong in strings.
 *
 * @throws GranaryError ARGUMENT_INVALID for anything else (bigint, Date, NaN, a lone surrogate, a cycle …)
 */
export function canonicalJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(write(value, []))
}

function write(value: unknown, parents: readonly object[]): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse('numbers must be finite')
    return JSON.stringify(value)
  }
  if (typeof value === 'string') return writeString(value)
  if (typeof value !== 'object') throw refuse(`a ${typeof value} has no JSON`)
  if (parents.includes(value)) throw refuse('a cycle has no JSON')
  const path = [...parents, value]
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, path)).join(',')}]`
  const prototype = Object.getPrototypeOf(value)
  // Told by the chain, not by identity: an object parsed in another realm (a frame, a test's sandbox) is plain, too.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw refuse('only plain objects have JSON')
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  // Code unit order, which RFC 8785 asks for, is what < compares strings by.
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${writeString(name)}:${write(member, path)}`).join(',')}}`
}

function writeString(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw refuse('strings must be well-formed')
  return JSON.stringify(text)
}

function refuse(reason: string): GranaryError {
  return new GranaryError('ARGUMENT_INVALID', `canonical JSON: ${reason}`)
}
