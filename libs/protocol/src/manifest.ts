import { getBytes, keccak256 } from 'ethers'
import { GranaryError } from './errors.js'
import { bytesToHex, type Hex, hexToBytes } from './hex.js'
import { checkAscending } from './ids.js'

// The positional tree of a manifest: leaf keccak256(0x00 ‖ dataset), node keccak256(0x01 ‖ left ‖ right), the row of
// leaves filled up with zero words to a power of two. The bits of an index say left or right, so a proof binds it.

/** Largest count that a request can state (uint32). */
const MAX_COUNT = 2 ** 32 - 1

/** What a manifest proof claims: `dataset` is number `index` of the `count` datasets under `root`. */
export interface ManifestProof {
  root: Hex
  count: number
  index: number
  dataset: Hex
  proof: readonly Hex[]
}

/**
 * The root over dataset ids in ascending order without repeats.
 *
 * @throws GranaryError DATASETS_EMPTY, DATASETS_NOT_ASCENDING, ARGUMENT_INVALID
 */
export function manifestRoot(ids: readonly Hex[]): Hex {
  return bytesToHex(manifestRows(ids).at(-1)![0]!)
}

/**
 * The siblings from leaf to root of dataset number `index`.
 *
 * @throws GranaryError INDEX_OUTSIDE, DATASETS_EMPTY, DATASETS_NOT_ASCENDING, ARGUMENT_INVALID
 */
export function manifestProof(ids: readonly Hex[], index: number): Hex[] {
  return manifestProofs(ids)(index)
}

/** The same for many proofs of one manifest: the tree is built once. */
export function manifestProofs(ids: readonly Hex[]): (index: number) => Hex[] {
  const rows = manifestRows(ids)
  return (index) => {
    if (!Number.isInteger(index) || index < 0 || index >= ids.length) {
      throw new GranaryError('INDEX_OUTSIDE', { index, count: ids.length })
    }
    return rows.slice(0, -1).map((row, level) => bytesToHex(row[Math.floor(index / 2 ** level) ^ 1]!))
  }
}

/**
 * Whether the proof holds. The number of siblings must be what `count` asks for, and `index` below `count`: leaves that
 * a root has beyond its request's count can never be proved, so a count bounds the uses.
 */
export function verifyManifestProof({ root, count, index, dataset, proof }: ManifestProof): boolean {
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) return false
  if (!Number.isInteger(index) || index < 0 || index >= count) return false
  if (proof.length !== depth(count)) return false
  if (![root, dataset, ...proof].every((word) => /^0x[0-9a-fA-F]{64}$/.test(word))) return false
  let node = leaf(hexToBytes(dataset))
  for (const [level, word] of proof.entries()) {
    const sibling = hexToBytes(word)
    const isRight = Math.floor(index / 2 ** level) % 2 === 1
    node = isRight ? parent(sibling, node) : parent(node, sibling)
  }
  return bytesToHex(node) === root.toLowerCase()
}

function manifestRows(ids: readonly Hex[]): Uint8Array[][] {
  if (ids.length === 0) throw new GranaryError('DATASETS_EMPTY')
  checkAscending(ids)
  const row = ids.map((id) => leaf(hexToBytes(id)))
  while (row.length < 2 ** depth(ids.length)) row.push(new Uint8Array(32))
  const rows = [row]
  while (rows.at(-1)!.length > 1) {
    const below = rows.at(-1)!
    rows.push(Array.from({ length: below.length / 2 }, (_, i) => parent(below[2 * i]!, below[2 * i + 1]!)))
  }
  return rows
}

/** Levels of a tree of `count` leaves: the smallest d with 2^d ≥ count. */
function depth(count: number): number {
  let levels = 0
  while (2 ** levels < count) levels++
  return levels
}

function leaf(dataset: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(33)
  bytes.set(dataset, 1)
  return getBytes(keccak256(bytes))
}

function parent(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(65)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 33)
  return getBytes(keccak256(bytes))
}
