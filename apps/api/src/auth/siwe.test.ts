import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SiweMessage } from 'siwe'
import { readSignIn, signInText } from './siwe.js'

const terms = { domain: 'granary.example', origin: 'https://granary.example', chainId: 10 }
const issuedAt = new Date('2030-01-01T00:00:00Z')
const expiresAt = new Date('2030-01-01T00:10:00Z')
const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const text = signInText(terms, { address, nonce: 'abcdefgh12345678', uri: terms.origin, issuedAt, expiresAt })
const at = (time: string) => new Date(`2030-01-01T${time}Z`)

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return null
}

describe('a sign-in text', () => {
  it('is read back as it was made', () => {
    const message = readSignIn(terms, text, at('00:05:00'))
    expect(message).toMatchObject({
      address,
      nonce: 'abcdefgh12345678',
      chainId: 10,
      domain: 'granary.example',
    })
  })

  it('holds until its end and not a moment longer', () => {
    expect(codeOf(() => readSignIn(terms, text, at('00:09:59')))).toBeNull()
    expect(codeOf(() => readSignIn(terms, text, at('00:10:00')))).toBe('SIWE_EXPIRED')
  })

  it('is bound to site and chain', () => {
    const now = at('00:01:00')
    const other = { ...terms, domain: 'evil.example', origin: 'https://evil.example' }
    expect(codeOf(() => readSignIn(other, text, now))).toBe('SIWE_DOMAIN_MISMATCH')
    expect(codeOf(() => readSignIn({ ...terms, origin: 'http://granary.example' }, text, now))).toBe(
      'SIWE_DOMAIN_MISMATCH',
    )
    expect(codeOf(() => readSignIn({ ...terms, chainId: 1 }, text, now))).toBe('SIWE_CHAIN_MISMATCH')
  })

  it('is a text and nothing else', () => {
    expect(codeOf(() => readSignIn(terms, { nonce: 'x' } as unknown as string, at('00:01:00')))).toBe(
      'SIWE_MALFORMED',
    )
    expect(codeOf(() => readSignIn(terms, '', at('00:01:00')))).toBe('SIWE_MALFORMED')
  })

  it('stands in the lines that the grammar has, whatever the URI is', () => {
    const made = (uri: string) =>
      signInText(terms, { address, nonce: 'abcdefgh12345678', uri, issuedAt, expiresAt })
    expect(new SiweMessage(made(`${terms.origin}/in?to=%2Fme#x`)).uri).toBe(`${terms.origin}/in?to=%2Fme#x`)
    for (const uri of [`${terms.origin}/a b`, `${terms.origin}/\nVersion: 2`, `${terms.origin}/<x>`])
      expect(() => made(uri)).toThrow()
  })
})

describe('a text that is taken without the grammar', () => {
  const read = (changed: string) => {
    try {
      return readSignIn(terms, changed, at('00:05:00'))
    } catch {
      return null
    }
  }
  const byGrammar = (changed: string) => {
    try {
      return new SiweMessage(changed)
    } catch {
      return null
    }
  }

  it('is one that the grammar takes for the same, after any change of its letters', () => {
    const place = fc.nat(text.length)
    const letters = fc.oneof(
      fc.string({ maxLength: 2 }),
      fc.constantFrom('\n', '\r', 'Z', '0', '-', '+', ' '),
    )
    fc.assert(
      fc.property(place, fc.nat(2), letters, (where, gone, put) => {
        const changed = text.slice(0, where) + put + text.slice(where + gone)
        const found = read(changed)
        if (found === null) return
        const { domain, address, uri, version, chainId, nonce, issuedAt, expirationTime } = byGrammar(
          changed,
        ) as SiweMessage
        const told = { domain, address, uri, version, chainId, nonce, issuedAt, expirationTime }
        expect(found).toMatchObject(told)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['an address in small letters', address, address.toLowerCase()],
    ['an address whose checksum does not hold', address, address.replace('dc79', 'Dc79')],
    ['a time in a year of five digits', '2030-01-01T00:10:00.000Z', '+012030-01-01T00:10:00.000Z'],
    ['a day that is none', '2030-01-01T00:10:00.000Z', '2030-02-30T00:10:00.000Z'],
    ['a nonce that is too short', 'abcdefgh12345678', 'abcdefg'],
    ['a nonce with other letters', 'abcdefgh12345678', 'abcdefgh_2345678'],
    ['a line at its end', 'Expiration Time: ', 'Expiration Time:  '],
    ['a letter after it', '00:10:00.000Z', '00:10:00.000Z\n'],
  ])('is not one with %s', (_, from, to) => {
    const changed = text.replace(from, to)
    expect(changed).not.toBe(text)
    expect(byGrammar(changed)).toBeNull()
    expect(codeOf(() => readSignIn(terms, changed, at('00:05:00')))).toBe('SIWE_MALFORMED')
  })
})
