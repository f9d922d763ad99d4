import { describe, expect, it } from '@jest/globals'
import { ristretto255_hasher } from '@noble/curves/ed25519.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { codeOf, collect, expectCode, streamOf, vectors } from '../../testing/support.js'
import { ascii } from '../bytes.js'
import { fileKeyFromIdentity, open, readHeader } from '../index.js'
import { combineShares } from './combine.js'
import { decapsulate, encapsulateWith } from './encapsulate.js'
import { decodePoint, decodeScalar, hashToScalar, Scalars, SECOND_GENERATOR } from './group.js'
import { lagrangeCoefficients } from './interpolation.js'
import { committeeId, committeeLabel } from './label.js'
import { createShareWith, verifyShare } from './share.js'
import { checkSharing } from './sharing.js'
import { encodeCommitteeStanza, findCommitteeStanza, parseCommitteeStanza } from './stanza.js'
import { verifyCommitteeStanza } from './stanza.proof.js'

const scalar = (hex: string) => Scalars.fromBytes(hexToBytes(hex))

describe('known answers of a second program', () => {
  it('second generator', () => {
    const { dst, message, point } = vectors.secondGenerator
    const derived = ristretto255_hasher.hashToCurve(ascii(message), { DST: ascii(dst) })
    expect(bytesToHex(derived.toBytes())).toBe(point)
    expect(SECOND_GENERATOR).toBe(point)
  })

  it('hash to scalar', () => {
    for (const one of vectors.hashToScalar)
      expect(hashToScalar(one.dst, hexToBytes(one.message))).toBe(scalar(one.scalar))
  })

  for (const one of vectors.cases) {
    const groupKey = hexToBytes(one.groupKey)
    const label = hexToBytes(one.label)
    const dataset = hexToBytes(one.dataset)
    const stanza = () =>
      encapsulateWith(hexToBytes(one.fileKey), { groupKey, label }, { r: scalar(one.r), t: scalar(one.t) })

    describe(one.name, () => {
      it('label', () => {
        const { registry, owner } = one
        const made = committeeLabel({ groupKey, chainId: BigInt(one.chainId), registry, owner })
        expect(bytesToHex(made)).toBe(one.label)
        expect(one.stanza.args[1]).toBe(committeeId(groupKey))
      })

      it('stanza', () => {
        const made = stanza()
        for (const field of ['R', 'c', 'Rprime', 'e', 'f'] as const)
          expect(bytesToHex(made[field])).toBe(one.stanza[field])
        const encoded = encodeCommitteeStanza(made)
        expect(encoded.args).toEqual(one.stanza.args)
        expect(bytesToHex(encoded.body)).toBe(one.stanza.body)
        expect(parseCommitteeStanza(encoded)).toEqual(made)
        verifyCommitteeStanza(made, { groupKey, label })
      })

      it('shares, whatever the blinding', () => {
        for (const [i, member] of one.shares.entries()) {
          const facts = {
            verifyingShare: hexToBytes(member.verifyingShare),
            stanza: stanza(),
            label,
            dataset,
          }
          const randomness = { k: scalar(member.k), b: 12345n + BigInt(i) }
          const share = createShareWith({ secret: hexToBytes(member.secret), ...facts }, randomness)
          expect(bytesToHex(share.share)).toBe(member.share)
          expect(bytesToHex(share.proof)).toBe(member.proof)
          expect(verifyShare({ ...share, ...facts })).toBe(true)
        }
      })

      it('combination: the threshold opens, fewer do not', async () => {
        for (const { indices, coefficients, point } of one.combined) {
          expect(lagrangeCoefficients(indices, 0)).toEqual(coefficients.map(scalar))
          const shares = indices.map((index) => ({ index, share: hexToBytes(one.shares[index - 1]!.share) }))
          const combined = combineShares(shares, indices.length)
          expect(bytesToHex(combined)).toBe(point)
          const opening = () => decapsulate({ point: combined, stanza: stanza(), label })
          if (indices.length < one.threshold) await expectCode(opening, 'OPEN_FAILED')
          else expect(bytesToHex(opening())).toBe(one.fileKey)
        }
      })

      it('sharing: holds from the real threshold up', async () => {
        const verifyingShares = one.shares.map((member) => hexToBytes(member.verifyingShare))
        for (let threshold = 1; threshold <= verifyingShares.length; threshold++) {
          const code = await codeOf(() => checkSharing({ groupKey, verifyingShares, threshold }))
          expect(code).toBe(threshold < one.threshold ? 'SHARING_INVALID' : null)
        }
      })
    })
  }

  it('a whole sealed file opens by the contributor and by the committee', async () => {
    const one = vectors.cases[0]!
    const file = hexToBytes(vectors.file.file)
    const header = readHeader(file)
    expect(bytesToHex(file.subarray(0, header.length))).toBe(vectors.file.header)
    const stanza = findCommitteeStanza(header)
    const shares = [3, 1].map((index) => ({ index, share: hexToBytes(one.shares[index - 1]!.share) }))
    const key = decapsulate({ point: combineShares(shares, 2), stanza, label: hexToBytes(one.label) })
    expect(await fileKeyFromIdentity(file, [vectors.file.identity])).toEqual(key)
    const plaintext = await collect(open({ source: streamOf(file), fileKey: () => key }))
    expect(bytesToHex(plaintext)).toBe(vectors.file.plaintext)
  })

  for (const [name, hex] of Object.entries(vectors.refused.points))
    it(`refused point: ${name}`, () =>
      expectCode(() => decodePoint(hexToBytes(hex), 'point', 'STANZA_INVALID'), 'STANZA_INVALID'))

  for (const [name, hex] of Object.entries(vectors.refused.scalars))
    it(`refused scalar: ${name}`, () =>
      expectCode(() => decodeScalar(hexToBytes(hex), 'scalar', 'SHARE_INVALID'), 'SHARE_INVALID'))
})
