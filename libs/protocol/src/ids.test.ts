import { describe, expect, it } from '@jest/globals'
import { codeOf, vectors } from '../testing/vectors.js'
import { committeeId } from './committee.js'
import type { Address, Hex } from './hex.js'
import { datasetId, datasetsRoot } from './ids.js'
import { MAX_DATASETS_PER_ORDER } from './limits.js'

interface Vectors {
  ids: { owner: Address; content: Hex; id: Hex }[]
  roots: { datasets: Hex[]; root: Hex }[]
}
const known = vectors<Vectors>('dataset-id')
const full = known.roots.find(({ datasets }) => datasets.length === MAX_DATASETS_PER_ORDER)!.datasets

describe('a dataset id', () => {
  it.each(known.ids)('of $owner is that of the vectors', ({ owner, content, id }) => {
    expect(datasetId(owner, content)).toBe(id)
    expect(datasetId(owner.toLowerCase() as Address, content)).toBe(id)
  })
})

describe('a datasets root', () => {
  it.each(known.roots.map((entry) => [entry.datasets.length, entry] as const))(
    'of %d ids is that of the vectors',
    (_count, { datasets, root }) => expect(datasetsRoot(datasets)).toBe(root),
  )

  it('is refused beyond its limits', () => {
    const ids = full.slice(0, 3)
    expect(codeOf(() => datasetsRoot([]))).toBe('DATASETS_EMPTY')
    expect(codeOf(() => datasetsRoot([...full, `0x${'f'.repeat(64)}`]))).toBe('DATASETS_TOO_MANY')
    expect(codeOf(() => datasetsRoot(ids.toReversed()))).toBe('DATASETS_NOT_ASCENDING')
    expect(codeOf(() => datasetsRoot([ids[0]!, ids[0]!]))).toBe('DATASETS_NOT_ASCENDING')
    expect(codeOf(() => datasetsRoot(['0x12']))).toBe('ARGUMENT_INVALID')
    expect(codeOf(() => datasetsRoot([`0x${'A'.repeat(64)}`]))).toBe('ARGUMENT_INVALID')
  })
})

describe('a committee id', () => {
  it('is the first half of SHA-256 of the group key', () => {
    // SHA-256 of 32 zero bytes, from FIPS 180-4's algorithm as every implementation gives it.
    expect(committeeId(new Uint8Array(32))).toBe('66687aadf862bd776c8fc18b8e9f8e20')
    expect(committeeId(`0x${'00'.repeat(32)}`)).toBe('66687aadf862bd776c8fc18b8e9f8e20')
  })

  it('needs 32 bytes', () => {
    expect(codeOf(() => committeeId(new Uint8Array(31)))).toBe('ARGUMENT_INVALID')
  })
})
