import { describe, expect, it } from '@jest/globals'
import { comesFromElsewhere, mayBeForged } from './cross-site.js'

const OWN = 'https://granary.example'

describe('a request with a cookie', () => {
  it.each([
    [{}, true],
    [{ origin: OWN }, false],
    [{ 'sec-fetch-site': 'same-origin' }, false],
    [{ origin: OWN, 'sec-fetch-site': 'same-origin' }, false],
    [{ origin: OWN, 'sec-fetch-site': 'cross-site' }, true],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: 'null' }, true],
    [{ origin: '' }, true],
    [{ origin: `${OWN}.evil.example` }, true],
    [{ origin: 'http://granary.example' }, true],
    [{ origin: `${OWN}:8443` }, true],
    [{ origin: `${OWN}, https://evil.example` }, true],
    [{ 'sec-fetch-site': 'same-site' }, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ 'sec-fetch-site': 'cross-site' }, true],
    [{ 'sec-fetch-site': 'SAME-ORIGIN' }, true],
  ])('and %j may be forged: %s', (headers, forged) => {
    expect(mayBeForged(headers, OWN)).toBe(forged)
  })
})

describe('a request without one', () => {
  it('is only refused when a browser says that it comes from elsewhere', () => {
    expect(comesFromElsewhere({}, OWN)).toBe(false)
    expect(comesFromElsewhere({ origin: OWN }, OWN)).toBe(false)
    expect(comesFromElsewhere({ origin: 'https://evil.example' }, OWN)).toBe(true)
    expect(comesFromElsewhere({ 'sec-fetch-site': 'cross-site' }, OWN)).toBe(true)
  })
})
