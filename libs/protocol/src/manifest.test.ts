import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { codeOf, vectors } from '../testing/vectors.js'
import type { Hex } from './hex.js'
import { manifestProof, manifestProofs, manifestRoot, verifyManifestProof } from './manifest.js'

interface Proof {
  count: number
  index: number
  dataset: Hex
  proof: Hex[]
}
interface Vectors {
  manifests: { count: number; datasets: Hex[]; root: Hex; proofs: Omit<Proof, 'count'>[] }[]
  refused: { root: Hex; leaves: number; proofs: Proof[] }
}
const known = vectors<Vectors>('manifest')

describe('a manifest', () => {
  it.each(known.manifests)('of $count datasets has the root and proofs of the vectors', (entry) => {
    const { datasets, root, count, proofs } = entry
    expect(manifestRoot(datasets)).toBe(root)
    for (const { index, dataset, proof } of proofs) {
      expect(manifestProof(datasets, index)).toEqual(proof)
      expect(verifyManifestProof({ root, count, index, dataset, proof })).toBe(true)
    }
  })

  it('proves every dataset at its own place and at no other', () => {
    for (const { datasets, root, count } of known.manifests) {
      const prove = manifestProofs(datasets)
      for (const [index, dataset] of datasets.entries()) {
        const proof = prove(index)
        for (let place = 0; place < count; place++) {
          expect(verifyManifestProof({ root, count, index: place, dataset, proof })).toBe(place === index)
        }
      }
    }
  })

  it('proves nothing beyond its count, whatever lies under its root', () => {
    const { root, proofs } = known.refused
    for (const proof of proofs) expect(verifyManifestProof({ root, ...proof })).toBe(false)
  })

  it('bounds the uses by its count: of more leaves at most count can be proved', () => {
    const ids = fc
      .uniqueArray(fc.bigInt(0n, 2n ** 256n - 1n), { minLength: 1, maxLength: 20 })
      .map((numbers) => numbers.map((n) => `0x${n.toString(16).padStart(64, '0')}` as Hex).sort())
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 40 }), (datasets, count) => {
        const root = manifestRoot(datasets)
        const prove = manifestProofs(datasets)
        let proved = 0
        for (const [leaf, dataset] of datasets.entries()) {
          for (let index = 0; index < 2 * count; index++) {
            if (verifyManifestProof({ root, count, index, dataset, proof: prove(leaf) })) proved++
          }
        }
        expect(proved).toBeLessThanOrEqual(count)
        if (count === datasets.length) expect(proved).toBe(count)
      }),
      { numRuns: 40 },
    )
  })

  it('does not hold with an altered proof, dataset or root', () => {
    const { root, count, datasets, proofs } = known.manifests.find((entry) => entry.count === 9)!
    const good = { root, count, ...proofs[1]! }
    const flip = (hex: Hex) => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}` as Hex
    expect(verifyManifestProof(good)).toBe(true)
    expect(verifyManifestProof({ ...good, root: flip(root) })).toBe(false)
    expect(verifyManifestProof({ ...good, dataset: datasets.at(-1)! })).toBe(false)
    for (const level of good.proof.keys()) {
      const proof = good.proof.map((word, i) => (i === level ? flip(word) : word))
      expect(verifyManifestProof({ ...good, proof })).toBe(false)
    }
    expect(verifyManifestProof({ ...good, proof: good.proof.slice(1) })).toBe(false)
    expect(verifyManifestProof({ ...good, proof: [...good.proof, root] })).toBe(false)
    expect(verifyManifestProof({ ...good, proof: good.proof.map((word) => word.slice(0, 20) as Hex) })).toBe(
      false,
    )
    for (const index of [-1, 0.5, Number.NaN]) expect(verifyManifestProof({ ...good, index })).toBe(false)
    for (const wrong of [0, -1, 2 ** 32, 8.5])
      expect(verifyManifestProof({ ...good, count: wrong })).toBe(false)
  })

  it('takes no inner node for a leaf', () => {
    const { datasets, root, proofs } = known.manifests.find((entry) => entry.count === 4)!
    const inner = proofs[0]!.proof[1]!
    expect(verifyManifestProof({ root, count: 2, index: 1, dataset: inner, proof: [inner] })).toBe(false)
    expect(
      verifyManifestProof({ root: datasets[0]!, count: 1, index: 0, dataset: datasets[0]!, proof: [] }),
    ).toBe(false)
  })

  it('is refused when its ids are none, out of order or repeated', () => {
    const ids = known.manifests.find((entry) => entry.count === 3)!.datasets
    expect(codeOf(() => manifestRoot([]))).toBe('DATASETS_EMPTY')
    expect(codeOf(() => manifestRoot(ids.toReversed()))).toBe('DATASETS_NOT_ASCENDING')
    expect(codeOf(() => manifestRoot([ids[0]!, ids[0]!]))).toBe('DATASETS_NOT_ASCENDING')
    expect(codeOf(() => manifestProof(ids, 3))).toBe('INDEX_OUTSIDE')
    expect(codeOf(() => manifestProof(ids, -1))).toBe('INDEX_OUTSIDE')
  })
})
