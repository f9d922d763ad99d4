import { GranaryError } from '@granary/protocol'
import { SiweMessage } from 'siwe'

/** What a sign-in is bound to: all of it from configuration, nothing from the request. */
export interface SignInTerms {
  domain: string
  origin: string
  chainId: number
}

const STATEMENT = 'Sign in to Granary. This costs nothing and gives no consent.'

/** The complete EIP-4361 text for `address` to sign. */
export function signInText(
  terms: SignInTerms,
  facts: { address: string; nonce: string; uri: string; issuedAt: Date; expiresAt: Date },
): string {
  return new SiweMessage({
    domain: terms.domain,
    address: facts.address,
    statement: STATEMENT,
    uri: facts.uri,
    version: '1',
    chainId: terms.chainId,
    nonce: facts.nonce,
    issuedAt: facts.issuedAt.toISOString(),
    expirationTime: facts.expiresAt.toISOString(),
  }).prepareMessage()
}

/**
 * Reads a sign-in text and checks everything in it but nonce and signature.
 *
 * @throws GranaryError SIWE_MALFORMED, SIWE_DOMAIN_MISMATCH, SIWE_CHAIN_MISMATCH, SIWE_EXPIRED
 */
export function readSignIn(terms: SignInTerms, text: string, now: Date): SiweMessage {
  const message = parse(text)
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

function inTime(message: SiweMessage, now: Date): boolean {
  const time = (text: string | undefined, otherwise: number) => (text ? Date.parse(text) : otherwise)
  return (
    time(message.expirationTime, 0) > now.getTime() &&
    time(message.notBefore, 0) <= now.getTime() &&
    time(message.issuedAt, Number.POSITIVE_INFINITY) <= now.getTime() + SKEW_MS
  )
}

function parse(text: string): SiweMessage {
  // The parser also takes objects; only the text that a wallet showed is a sign-in.
  if (typeof text !== 'string') throw new GranaryError('SIWE_MALFORMED')
  try {
    return new SiweMessage(text)
  } catch (error) {
    throw new GranaryError('SIWE_MALFORMED', undefined, { cause: error })
  }
}
