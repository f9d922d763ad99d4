import { describe, expect, it } from '@jest/globals'
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
})
