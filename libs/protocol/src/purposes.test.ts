import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { codeOf, vectors } from '../testing/vectors.js'
import {
  bitsToPurposes,
  checkConsentPurposes,
  checkRequestPurposes,
  consentAllows,
  DEFINED_BITS,
  PURPOSES,
  purposesToBits,
} from './purposes.js'

interface Vectors {
  defined: number
  bits: Record<string, number>
  cases: { consent: number; request: number; allowed: boolean }[]
}
const known = vectors<Vectors>('purposes')
const map = fc.nat({ max: 0xffff_ffff })

describe('purposes', () => {
  it('have the names and bits of the protocol', () => {
    expect(Object.fromEntries(PURPOSES.map(({ name, bit }) => [name, bit]))).toEqual(known.bits)
    expect(DEFINED_BITS).toBe(known.defined)
  })

  it('have a term of the Data Privacy Vocabulary each', () => {
    for (const { dpv } of PURPOSES) expect(dpv).toMatch(/^https:\/\/w3id\.org\/dpv(\/ai)?#[A-Z][A-Za-z]+$/)
  })

  it('go from names to bits and back', () => {
    const some = fc.subarray(PURPOSES.map((purpose) => purpose.name))
    fc.assert(fc.property(some, (names) => expect(bitsToPurposes(purposesToBits(names))).toEqual(names)))
    expect(purposesToBits(['commercial', 'commercial'])).toBe(1 << 16)
    expect(bitsToPurposes(0xffff_ffff)).toHaveLength(PURPOSES.length)
    expect(bitsToPurposes(0)).toEqual([])
  })

  it('are refused by an unknown name', () => {
    expect(codeOf(() => purposesToBits(['espionage']))).toBe('PURPOSE_UNKNOWN')
    expect(codeOf(() => purposesToBits(['Fine-Tuning']))).toBe('PURPOSE_UNKNOWN')
  })

  it.each([-1, 2 ** 32, 0.5, Number.NaN])('are refused as the map %p', (bits) => {
    expect(codeOf(() => bitsToPurposes(bits))).toBe('ARGUMENT_INVALID')
    expect(codeOf(() => checkConsentPurposes(bits))).toBe('ARGUMENT_INVALID')
    expect(codeOf(() => consentAllows(bits, 1))).toBe('ARGUMENT_INVALID')
    expect(codeOf(() => consentAllows(1, bits))).toBe('ARGUMENT_INVALID')
  })
})

describe('a consent', () => {
  it('takes any defined bits and no other', () => {
    fc.assert(
      fc.property(map, (bits) => {
        checkConsentPurposes((bits & DEFINED_BITS) >>> 0)
        if ((bits & ~DEFINED_BITS) !== 0)
          expect(codeOf(() => checkConsentPurposes(bits))).toBe('PURPOSES_UNDEFINED')
      }),
    )
    expect(codeOf(() => checkConsentPurposes(purposesToBits(['clean-room'])))).toBe('PURPOSES_UNDEFINED')
  })

  it('allows exactly what the vectors say', () => {
    expect(known.cases.filter(({ allowed }) => allowed).length).toBeGreaterThan(50)
    const wrong = known.cases.filter(
      ({ consent, request, allowed }) => consentAllows(consent, request) !== allowed,
    )
    expect(wrong).toEqual([])
  })

  it('allows less when it permits less or restricts more', () => {
    fc.assert(
      fc.property(map, map, map, (consent, request, other) => {
        if (!consentAllows(consent, request)) return
        const permits = (consent | (other & 0x00ff_ffff)) >>> 0
        const lifted = (permits & (other | 0x00ff_ffff)) >>> 0
        expect(consentAllows(lifted, request)).toBe(true)
      }),
    )
    fc.assert(fc.property(map, (bits) => expect(consentAllows(bits, bits)).toBe(true)))
  })
})

describe('a request', () => {
  it('names one use', () => {
    for (const { name, kind } of PURPOSES) {
      if (kind === 'use') checkRequestPurposes(purposesToBits([name, 'commercial', 'publish-weights']))
    }
    const refused = (names: string[]) => codeOf(() => checkRequestPurposes(purposesToBits(names)))
    expect(refused([])).toBe('PURPOSE_NOT_SINGLE')
    expect(refused(['commercial'])).toBe('PURPOSE_NOT_SINGLE')
    expect(refused(['evaluation', 'fine-tuning'])).toBe('PURPOSE_NOT_SINGLE')
    expect(refused(['evaluation', 'clean-room'])).toBe('PURPOSES_UNDEFINED')
  })
})
