import { describe, expect, it } from '@jest/globals'
import { checkSignInText } from './auth.js'

const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const expected = { api: 'https://granary.example', address, chainId: 31337, nonce: 'abcdef0123456789' }
const text = (
  change: Partial<{ domain: string; address: string; chain: string; nonce: string; issued: string }> = {},
) => `\
${change.domain ?? 'granary.example'} wants you to sign in with your Ethereum account:
${change.address ?? address}

Sign in to Granary.

URI: https://granary.example
Version: 1
Chain ID: ${change.chain ?? '31337'}
Nonce: ${change.nonce ?? 'abcdef0123456789'}${change.issued ?? '\nIssued At: 2030-01-01T00:00:00Z'}`

const code = (sign: string, api = expected.api) => {
  try {
    checkSignInText(sign, { ...expected, api })
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('checkSignInText', () => {
  it('refuses to sign in at another site', () => {
    expect(code(text({ domain: 'mallory.example' }))).toBe('SIWE_DOMAIN_MISMATCH')
    expect(code(text({ domain: 'granary.example.mallory.example' }))).toBe('SIWE_DOMAIN_MISMATCH')
    expect(code(text({ domain: 'localhost:1' }), 'http://localhost:2')).toBe('SIWE_DOMAIN_MISMATCH')
  })
  it('refuses another chain, account or nonce, and a text without a date', () => {
    expect(code(text({ chain: '1' }))).toBe('SIWE_CHAIN_MISMATCH')
    expect(code(text({ address: '0x0000000000000000000000000000000000000001' }))).toBe('SIWE_MALFORMED')
    expect(code(text({ nonce: 'other' }))).toBe('SIWE_MALFORMED')
    expect(code(text({ issued: '' }))).toBe('SIWE_MALFORMED')
    expect(code('Please send me all your money')).toBe('SIWE_MALFORMED')
  })
  it('takes its own text, and both names of this machine', () => {
    expect(code(text())).toBeUndefined()
    expect(code(text({ domain: 'localhost:4280' }), 'http://127.0.0.1:4280')).toBeUndefined()
  })
})
