import { GranaryError } from '@granary/protocol'
import { getAddress, isAddress } from 'ethers'
import { SiweMessage } from 'siwe'

/** What a sign-in is bound to: all of it from configuration, nothing from the request. */
export interface SignInTerms {
  domain: string
  origin: string
  chainId: number
}

/** What a sign-in text says. Times are as they stand in it. */
export interface SignIn {
  domain: string
  address: string
  uri: string
  version: string
  chainId: number
  nonce: string
  issuedAt?: string | undefined
  expirationTime?: string | undefined
  notBefore?: string | undefined
}

interface SignInFacts {
  address: string
  nonce: string
  uri: string
  issuedAt: Date
  expiresAt: Date
}

const STATEMENT = 'Sign in to Granary. This costs nothing and gives no consent.'
/** What differs between two texts of the same terms. */
const OWN =
  /\n(0x[0-9a-fA-F]{40})\n[\s\S]*\nNonce: ([A-Za-z0-9]{8,})\nIssued At: (\d{4}-[-\d:.T]+Z)\nExpiration Time: (\d{4}-[-\d:.T]+Z)$/

/**
 * The complete EIP-4361 text for `address` to sign, which is checksummed.
 *
 * @throws Error when the URI, which may be the caller's, does not stand in one line as the grammar has it
 */
export function signInText(terms: SignInTerms, facts: SignInFacts): string {
  const text = textOf(terms, facts)
  // Everything else in it is our own, and the grammar takes half a millisecond.
  if (facts.uri !== terms.origin) new SiweMessage(text)
  return text
}

function textOf({ domain, chainId }: SignInTerms, facts: SignInFacts): string {
  const { address, uri, nonce, issuedAt, expiresAt } = facts
  return [
    `${domain} wants you to sign in with your Ethereum account:`,
    address,
    '',
    STATEMENT,
    '',
    `URI: ${uri}`,
    'Version: 1',
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt.toISOString()}`,
    `Expiration Time: ${expiresAt.toISOString()}`,
  ].join('\n')
}

/**
 * Reads a sign-in text and checks everything in it but nonce and signature.
 *
 * @throws GranaryError SIWE_MALFORMED, SIWE_DOMAIN_MISMATCH, SIWE_CHAIN_MISMATCH, SIWE_EXPIRED
 */
export function readSignIn(terms: SignInTerms, text: string, now: Date): SignIn {
  const message = ownText(terms, text) ?? parse(text)
  const { domain, nonce, issuedAt, uri, version, chainId, address } = message
  if (!domain || !nonce || !issuedAt || !uri || version !== '1' || !chainId || !address)
    throw new GranaryError('SIWE_MALFORMED')
  if (domain !== terms.domain || !withinOrigin(uri, terms.origin))
    throw new GranaryError('SIWE_DOMAIN_MISMATCH')
  if (chainId !== terms.chainId) throw new GranaryError('SIWE_CHAIN_MISMATCH')
  if (!message.expirationTime || !inTime(message, now)) throw new GranaryError('SIWE_EXPIRED')
  return message
}

/** Whether `uri` lies on `origin`. */
export function withinOrigin(uri: string, origin: string): boolean {
  try {
    return new URL(uri).origin === origin
  } catch {
    return false
  }
}

const SKEW_MS = 60_000

function inTime(message: SignIn, now: Date): boolean {
  const time = (text: string | undefined, otherwise: number) => (text ? Date.parse(text) : otherwise)
  return (
    time(message.expirationTime, 0) > now.getTime() &&
    time(message.notBefore, 0) <= now.getTime() &&
    time(message.issuedAt, Number.POSITIVE_INFINITY) <= now.getTime() + SKEW_MS
  )
}

/**
 * What the text says when it is, to the letter, one that we make for these terms: it is made again and compared. Nearly
 * all are; for any other the grammar decides.
 */
function ownText(terms: SignInTerms, text: string): SignIn | null {
  const [, address = '', nonce = '', issued = '', expires = ''] = OWN.exec(text) ?? []
  const [issuedAt, expiresAt] = [new Date(issued), new Date(expires)]
  if (!isAddress(address) || Number.isNaN(issuedAt.getTime()) || Number.isNaN(expiresAt.getTime()))
    return null
  const { domain, origin: uri, chainId } = terms
  if (textOf(terms, { address: getAddress(address), nonce, uri, issuedAt, expiresAt }) !== text) return null
  return { domain, address, uri, version: '1', chainId, nonce, issuedAt: issued, expirationTime: expires }
}

function parse(text: string): SignIn {
  // The parser also takes objects; only the text that a wallet showed is a sign-in.
  if (typeof text !== 'string') throw new GranaryError('SIWE_MALFORMED')
  try {
    return new SiweMessage(text)
  } catch (error) {
    throw new GranaryError('SIWE_MALFORMED', undefined, { cause: error })
  }
}
