import { expect } from '@jest/globals'
import { hexToBytes } from '@noble/hashes/utils.js'
import vectors from '../../../test/vectors/sealing.json' with { type: 'json' }
import { type CipherName, type SealOptions, seal } from '../src/index.js'

/** Helpers of this library's tests; they run in Node and in the browser. */
export { vectors }

export const CIPHERS: readonly CipherName[] = ['native', 'noble']

/** A committee of the vectors: two of three, with the secrets that only a test may know. */
export function testCommittee() {
  const [one] = vectors.cases
  if (one === undefined) throw new Error('vectors are empty')
  const groupKey = hexToBytes(one.groupKey)
  const members = one.shares.map((share) => ({
    index: share.index,
    secret: hexToBytes(share.secret),
    verifyingShare: hexToBytes(share.verifyingShare),
  }))
  const facts = { groupKey, chainId: BigInt(one.chainId), registry: one.registry, owner: one.owner }
  return { facts, groupKey, label: hexToBytes(one.label), members, threshold: one.threshold }
}

/** Everything that a stream gives. Rejects with the stream's error. */
export async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const { bytes, error } = await collectUntilError(stream)
  if (error !== undefined) throw error
  return bytes
}

/** What a stream gives before it ends or fails. */
export async function collectUntilError(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let error: unknown
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
    }
  } catch (caught) {
    error = caught
  }
  return { bytes: join(...parts), error }
}

/** A stream of `bytes` in pieces of the given sizes, over and over. */
export function streamOf(bytes: Uint8Array, ...sizes: number[]): ReadableStream<Uint8Array> {
  let offset = 0
  let turn = 0
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close()
      const size = sizes.length === 0 ? bytes.length : sizes[turn++ % sizes.length]!
      controller.enqueue(bytes.subarray(offset, offset + size))
      offset += size
    },
  })
}

export async function sealBytes(
  plaintext: Uint8Array,
  options: SealOptions,
  ...writes: number[]
): Promise<Uint8Array> {
  const { stream } = await seal(options)
  return collect(streamOf(plaintext, ...writes).pipeThrough(stream))
}

/** Bytes that depend on `seed` and position: fast, and different everywhere. */
export function pattern(length: number, seed = 1): Uint8Array {
  const out = new Uint8Array(length)
  let state = seed >>> 0
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    out[i] = state >>> 24
  }
  return out
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const out = bytes.slice()
  out[bit >> 3]! ^= 1 << (bit & 7)
  return out
}

/** Runs `action` and returns the code it fails with, or null when it does not fail. Other errors pass through. */
export async function codeOf(action: () => unknown): Promise<string | null> {
  try {
    await action()
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.name === 'SealingError') return String(error.code)
    throw error
  }
}

export async function expectCode(action: () => unknown, code: string): Promise<void> {
  expect(await codeOf(action)).toBe(code)
}
