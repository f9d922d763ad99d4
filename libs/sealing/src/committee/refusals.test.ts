import { describe, expect, it } from '@jest/globals'
import { ristretto255, ristretto255_FROST, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { bytesToHex, hexToBytes, randomBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { codeOf, expectCode, flipBit, testCommittee, vectors } from '../../testing/support.js'
import { ascii } from '../bytes.js'
import { readHeader, seal } from '../index.js'
import { combineShares } from './combine.js'
import { decapsulate, encapsulate } from './encapsulate.js'
import { hashToScalar } from './group.js'
import { committeeLabel } from './label.js'
import { createShare, verifyShare } from './share.js'
import { checkSharing } from './sharing.js'
import { findCommitteeStanza, parseCommitteeStanza } from './stanza.js'
import { verifyCommitteeStanza } from './stanza.proof.js'

const { facts, groupKey, label, members, threshold } = testCommittee()
const fileKey = randomBytes(16)
const dataset = randomBytes(32)
const sealed = encapsulate(fileKey, { groupKey, label })
const stanza = parseCommitteeStanza(sealed)
const shareOf = (index: number, other: Partial<Parameters<typeof createShare>[0]> = {}) =>
  createShare({ ...members[index - 1]!, stanza, label, dataset, ...other })

const MALLORY = '0x00000000000000000000000000000000004d414c'
const otherLabels = {
  'another owner': committeeLabel({ ...facts, owner: MALLORY }),
  'another registry': committeeLabel({ ...facts, registry: MALLORY }),
  'another chain': committeeLabel({ ...facts, chainId: facts.chainId + 1n }),
}
const badPoints = Object.entries(vectors.refused.points).map(
  ([name, hex]) => [name, hexToBytes(hex)] as const,
)
const badScalars = Object.entries(vectors.refused.scalars).map(
  ([name, hex]) => [name, hexToBytes(hex)] as const,
)

describe('what we count on in noble', () => {
  it('it decodes the identity, so we have to refuse it', () => {
    expect(ristretto255.Point.fromBytes(new Uint8Array(32)).is0()).toBe(true)
  })

  it('without a DST it hashes to another scalar, so we always give ours', () => {
    const message = ascii('message')
    const silent = ristretto255_hasher.hashToScalar!(message)
    expect(silent === hashToScalar('granary/v1 seal', message)).toBe(false)
    expect(hashToScalar('granary/v1 seal', message) === hashToScalar('granary/v1 share', message)).toBe(false)
  })

  it('its distributed key generation gives a sharing that seals and opens here', () => {
    const names = [1, 2, 3].map((i) => ristretto255_FROST.Identifier.fromNumber(i))
    const signers = { min: 2, max: 3 }
    const first = names.map((name) => ristretto255_FROST.DKG.round1(name, signers))
    const packages = first.map(({ public: shown }) => shown)
    const others = (i: number) => packages.filter((_, j) => j !== i)
    const second = first.map(({ secret }, i) => ristretto255_FROST.DKG.round2(secret, others(i)))
    const keys = first.map(({ secret }, i) => {
      const received = second.flatMap((sent, j) => (i === j ? [] : [sent[names[i]!]!]))
      return ristretto255_FROST.DKG.round3(secret, others(i), received)
    })
    const group = keys[0]!.public.commitments[0]!
    const verifyingShares = names.map((name) => keys[0]!.public.verifyingShares[name]!)
    checkSharing({ groupKey: group, verifyingShares, threshold: 2 })
    const bound = committeeLabel({ ...facts, groupKey: group })
    const made = parseCommitteeStanza(encapsulate(fileKey, { groupKey: group, label: bound }))
    const shares = [1, 3].map((index) => ({
      index,
      ...createShare({
        secret: keys[index - 1]!.secret.signingShare,
        verifyingShare: verifyingShares[index - 1]!,
        stanza: made,
        label: bound,
        dataset,
      }),
    }))
    expect(decapsulate({ point: combineShares(shares, 2), stanza: made, label: bound })).toEqual(fileKey)
  })
})

describe('committee stanza', () => {
  for (const [name, other] of Object.entries(otherLabels))
    it(`is refused under the label of ${name}`, async () => {
      await expectCode(() => verifyCommitteeStanza(stanza, { groupKey, label: other }), 'STANZA_INVALID')
      await expectCode(() => shareOf(1, { label: other }), 'STANZA_INVALID')
      const point = combineShares(
        [1, 2].map((index) => ({ index, ...shareOf(index) })),
        threshold,
      )
      await expectCode(() => decapsulate({ point, stanza, label: other }), 'OPEN_FAILED')
    })

  it('is refused when it names another committee', async () => {
    const other = ristretto255.Point.BASE.multiply(7n).toBytes()
    const theirs = committeeLabel({ ...facts, groupKey: other })
    await expectCode(
      () => verifyCommitteeStanza(stanza, { groupKey: other, label: theirs }),
      'STANZA_INVALID',
    )
    await expectCode(() => verifyCommitteeStanza(stanza, { groupKey: other, label }), 'ARGUMENT_INVALID')
    await expectCode(() => encapsulate(fileKey, { groupKey: other, label }), 'ARGUMENT_INVALID')
    const renamed = { ...stanza, committeeId: '0'.repeat(32) }
    await expectCode(() => verifyCommitteeStanza(renamed, { groupKey, label }), 'STANZA_INVALID')
  })

  it('is refused with any bit of its body flipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(128 * 8 - 1), async (bit) => {
        const check = () => {
          const altered = parseCommitteeStanza({ args: sealed.args, body: flipBit(sealed.body, bit) })
          verifyCommitteeStanza(altered, { groupKey, label })
        }
        await expectCode(check, 'STANZA_INVALID')
      }),
      { numRuns: 150 },
    )
  })

  it('is refused with fields of another stanza for the same label', async () => {
    const other = parseCommitteeStanza(encapsulate(fileKey, { groupKey, label }))
    for (const field of ['R', 'c', 'Rprime', 'e', 'f'] as const) {
      const mixed = { ...stanza, [field]: other[field] }
      await expectCode(() => verifyCommitteeStanza(mixed, { groupKey, label }), 'STANZA_INVALID')
    }
  })

  for (const [name, bytes] of badPoints)
    it(`is refused with a bad point in any field: ${name}`, async () => {
      for (const field of ['R', 'Rprime'] as const)
        await expectCode(
          () => verifyCommitteeStanza({ ...stanza, [field]: bytes }, { groupKey, label }),
          'STANZA_INVALID',
        )
      const body = sealed.body.slice()
      body.set(bytes, 32)
      await expectCode(() => parseCommitteeStanza({ args: sealed.args, body }), 'STANZA_INVALID')
      const bad = committeeLabel({ ...facts, groupKey: bytes })
      await expectCode(() => encapsulate(fileKey, { groupKey: bytes, label: bad }), 'ARGUMENT_INVALID')
      await expectCode(
        () => verifyCommitteeStanza(stanza, { groupKey: bytes, label: bad }),
        'ARGUMENT_INVALID',
      )
    })

  for (const [name, bytes] of badScalars)
    it(`is refused with a bad scalar in any field: ${name}`, async () => {
      for (const field of ['e', 'f'] as const)
        await expectCode(
          () => verifyCommitteeStanza({ ...stanza, [field]: bytes }, { groupKey, label }),
          'STANZA_INVALID',
        )
    })

  it('is refused with malformed arguments', async () => {
    const [version, id, R] = sealed.args as [string, string, string]
    const wrong = [
      [version, id],
      [version, id, R, 'more'],
      ['granary/v2', id, R],
      [version, id.toUpperCase(), R],
      [version, id.slice(1), R],
      [version, id, `${R}=`],
      [version, id, R.slice(1)],
      [version, id, `${R.slice(0, -1)}${String.fromCharCode(R.charCodeAt(R.length - 1) + 1)}`],
    ]
    for (const args of wrong)
      await expectCode(() => parseCommitteeStanza({ args, body: sealed.body }), 'STANZA_INVALID')
    for (const body of [sealed.body.subarray(1), new Uint8Array(129), new Uint8Array()])
      await expectCode(() => parseCommitteeStanza({ args: sealed.args, body }), 'STANZA_INVALID')
  })

  it('is found only when there is exactly one', async () => {
    const { header } = await seal({ recipients: [], committee: facts })
    const read = readHeader(header)
    expect(read.stanzas.length).toBe(1)
    findCommitteeStanza(read)
    await expectCode(() => findCommitteeStanza({ ...read, stanzas: [] }), 'STANZA_MISSING')
    const twice = [...read.stanzas, ...read.stanzas]
    await expectCode(() => findCommitteeStanza({ ...read, stanzas: twice }), 'STANZA_REPEATED')
    const later = [{ args: ['granary/v2'], body: new Uint8Array() }, ...read.stanzas]
    findCommitteeStanza({ ...read, stanzas: later })
  })
})

describe('share', () => {
  const facts1 = { verifyingShare: members[0]!.verifyingShare, stanza, label, dataset }
  const good = shareOf(1)

  it('holds for its own facts only', () => {
    expect(verifyShare({ ...good, ...facts1 })).toBe(true)
    expect(verifyShare({ ...good, ...facts1, verifyingShare: members[1]!.verifyingShare })).toBe(false)
    expect(verifyShare({ ...good, ...facts1, dataset: randomBytes(32) })).toBe(false)
    for (const other of Object.values(otherLabels))
      expect(verifyShare({ ...good, ...facts1, label: other })).toBe(false)
    const another = parseCommitteeStanza(encapsulate(fileKey, { groupKey, label }))
    expect(verifyShare({ ...good, ...facts1, stanza: another })).toBe(false)
    expect(verifyShare({ ...facts1, share: shareOf(2).share, proof: good.proof })).toBe(false)
  })

  it('is false with any bit flipped', async () => {
    await fc.assert(
      fc.property(fc.nat(96 * 8 - 1), (bit) => {
        const inShare = bit < 256
        const altered = inShare
          ? { share: flipBit(good.share, bit), proof: good.proof }
          : { share: good.share, proof: flipBit(good.proof, bit - 256) }
        expect(verifyShare({ ...altered, ...facts1 })).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  it('is false, not an error, when it is malformed', () => {
    for (const [, bytes] of badPoints) {
      expect(verifyShare({ ...good, ...facts1, share: bytes })).toBe(false)
      expect(verifyShare({ ...good, ...facts1, verifyingShare: bytes })).toBe(false)
    }
    for (const [, bytes] of badScalars)
      for (const offset of [0, 32]) {
        const proof = good.proof.slice()
        proof.set(bytes, offset)
        expect(verifyShare({ ...good, ...facts1, proof })).toBe(false)
      }
    expect(verifyShare({ ...good, ...facts1, proof: good.proof.subarray(1) })).toBe(false)
    expect(verifyShare({ ...good, ...facts1, share: good.share.subarray(1) })).toBe(false)
  })

  it('is not made with a bad secret, of another member or for a bad stanza', async () => {
    for (const [, secret] of badScalars) await expectCode(() => shareOf(1, { secret }), 'ARGUMENT_INVALID')
    await expectCode(() => shareOf(1, { secret: members[1]!.secret }), 'ARGUMENT_INVALID')
    await expectCode(() => shareOf(1, { dataset: new Uint8Array(31) }), 'ARGUMENT_INVALID')
    for (const [, R] of badPoints)
      await expectCode(() => shareOf(1, { stanza: { ...stanza, R } }), 'STANZA_INVALID')
  })

  it('proofs are fresh each time, the share is not', () => {
    const again = shareOf(1)
    expect(again.share).toEqual(good.share)
    expect(bytesToHex(again.proof)).not.toBe(bytesToHex(good.proof))
  })
})

describe('combination', () => {
  const all = members.map(({ index }) => ({ index, ...shareOf(index) }))

  it('needs the threshold, of distinct members', async () => {
    await expectCode(() => combineShares(all.slice(0, 1), threshold), 'SHARES_TOO_FEW')
    await expectCode(() => combineShares([all[0]!, all[0]!], threshold), 'ARGUMENT_INVALID')
    await expectCode(() => combineShares([{ ...all[0]!, index: 0 }, all[1]!], threshold), 'ARGUMENT_INVALID')
    for (const [, share] of badPoints)
      await expectCode(() => combineShares([{ index: 1, share }, all[1]!], threshold), 'SHARE_INVALID')
  })

  it('opens nothing with a share under the wrong index, a false one, or one of another sharing', async () => {
    const opens = (shares: { index: number; share: Uint8Array }[]) =>
      codeOf(() => decapsulate({ point: combineShares(shares, threshold), stanza, label }))
    expect(await opens([all[0]!, all[2]!])).toBe(null)
    expect(await opens([all[0]!, { ...all[1]!, index: 3 }])).toBe('OPEN_FAILED')
    expect(await opens([all[0]!, { ...all[1]!, share: all[2]!.share }])).toBe('OPEN_FAILED')
    const stranger = ristretto255.Point.fromBytes(stanza.R).multiply(99n).toBytes()
    expect(await opens([all[0]!, { index: 2, share: stranger }])).toBe('OPEN_FAILED')
    for (const [, point] of badPoints)
      await expectCode(() => decapsulate({ point, stanza, label }), 'OPEN_FAILED')
  })
})

describe('sharing', () => {
  const verifyingShares = members.map(({ verifyingShare }) => verifyingShare)

  it('is refused when a verifying share or the group key is another', async () => {
    checkSharing({ groupKey, verifyingShares, threshold })
    const stranger = ristretto255.Point.BASE.multiply(5n).toBytes()
    for (const i of [0, 1, 2]) {
      const changed = verifyingShares.map((share, j) => (i === j ? stranger : share))
      await expectCode(
        () => checkSharing({ groupKey, verifyingShares: changed, threshold }),
        'SHARING_INVALID',
      )
    }
    await expectCode(
      () => checkSharing({ groupKey: stranger, verifyingShares, threshold }),
      'SHARING_INVALID',
    )
    const swapped = [verifyingShares[1]!, verifyingShares[0]!, verifyingShares[2]!]
    await expectCode(() => checkSharing({ groupKey, verifyingShares: swapped, threshold }), 'SHARING_INVALID')
    for (const [, bytes] of badPoints) {
      await expectCode(() => checkSharing({ groupKey: bytes, verifyingShares, threshold }), 'SHARING_INVALID')
      const bad = [verifyingShares[0]!, verifyingShares[1]!, bytes]
      await expectCode(() => checkSharing({ groupKey, verifyingShares: bad, threshold }), 'SHARING_INVALID')
    }
    for (const wrong of [0, 4, 1.5])
      await expectCode(
        () => checkSharing({ groupKey, verifyingShares, threshold: wrong }),
        'ARGUMENT_INVALID',
      )
  })
})

describe('label', () => {
  it('takes whole addresses, a 32-byte key and a chain id', async () => {
    for (const wrong of [
      { owner: '0x12' },
      { owner: facts.owner.slice(2) },
      { registry: `${facts.registry}0` },
      { groupKey: new Uint8Array(31) },
      { chainId: -1n },
      { chainId: 1n << 256n },
    ])
      await expectCode(() => committeeLabel({ ...facts, ...wrong }), 'ARGUMENT_INVALID')
  })
})
