import { describe, expect, it } from '@jest/globals'
import { otherAddress, signInDomain } from './origin.js'

const text = (first: string) =>
  `${first} wants you to sign in with your Ethereum account:\n0xabc\n\nHello.\n\nURI: http://localhost:4280\nVersion: 1`

describe('signInDomain', () => {
  it.each([
    ['localhost:4280', 'localhost:4280'],
    ['http://localhost:4280', 'localhost:4280'],
    ['https://granary.example', 'granary.example'],
  ])('of %s is %s', (first, domain) => expect(signInDomain(text(first))).toBe(domain))

  it('is null for any other text', () => expect(signInDomain('Give me everything')).toBeNull())
})

describe('otherAddress', () => {
  it('is null where the text is for this page', () => {
    expect(
      otherAddress(text('http://localhost:4280'), { host: 'localhost:4280', protocol: 'http:' }),
    ).toBeNull()
  })

  it('is the address in the text where it is for another one', () => {
    expect(otherAddress(text('localhost:4280'), { host: '127.0.0.1:4280', protocol: 'http:' })).toBe(
      'http://localhost:4280',
    )
  })

  it('never is anything but a web address', () => {
    const bad = text('evil.example').replace('http://localhost:4280', 'javascript:alert(1)')
    expect(otherAddress(bad, { host: 'a', protocol: 'https:' })).toBe('https://evil.example/')
  })
})
