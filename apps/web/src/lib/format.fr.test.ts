import { beforeAll, describe, expect, it } from '@jest/globals'

const token = { symbol: 'gUSD', decimals: 18 }
let format: typeof import('./format.js')

// A browser whose person reads French. The language is taken when the module is evaluated.
beforeAll(async () => {
  const page = { document: {}, localStorage: { getItem: () => 'fr' } }
  Object.assign(globalThis, page)
  format = await import('./format.js')
  for (const name of Object.keys(page)) Reflect.deleteProperty(globalThis, name)
})

describe('in French', () => {
  it('amounts have a comma, thin spaces between thousands, and stay with their unit', () => {
    expect(format.amount('1234567000000000000000', token)).toBe('1\u202f234,567\u00a0gUSD')
    expect(format.amount('1', token)).toBe('0,000000000000000001\u00a0gUSD')
  })

  it('sizes are in octets', () => {
    expect([0, 1, 999, 1500, 52_428_800].map(format.bytes)).toEqual([
      '0\u00a0octet',
      '1\u00a0octet',
      '999\u00a0octets',
      '1,5\u00a0ko',
      '52\u00a0Mo',
    ])
  })

  it('dates have French months, and the first of one is an ordinal', () => {
    expect(format.day(new Date(2028, 10, 23))).toBe('23 novembre 2028')
    expect(format.day(new Date(2028, 7, 1))).toBe('1er août 2028')
    expect(format.moment(new Date(2028, 1, 1, 14, 5))).toBe('1er février 2028 à 14:05')
    expect(format.moment(new Date(2028, 1, 11, 14, 5))).toBe('11 février 2028 à 14:05')
  })

  it('times that have passed are said in words', () => {
    const now = Date.UTC(2028, 1, 1)
    const before = (seconds: number) => format.ago(new Date(now - seconds * 1000), now)
    expect([5, 60, 7200, 86_400].map(before)).toEqual([
      'à l’instant',
      'il y a 1 minute',
      'il y a 2 heures',
      'hier',
    ])
    expect([0, 1, 61, 200_000].map((seconds) => format.age(seconds).replaceAll(/\s/g, ' '))).toEqual([
      '0 seconde',
      '1 seconde',
      '1 minute',
      '2 jours',
    ])
  })

  it('one and none are singular', () => {
    expect([0, 1, 2, 1200].map((n) => format.count(n, 'copie'))).toEqual([
      '0\u00a0copie',
      '1\u00a0copie',
      '2\u00a0copies',
      '1\u202f200\u00a0copies',
    ])
  })
})
