import { type Address, GranaryError, type NewSessionResource, type NonceResource } from '@granary/protocol'
import type { Context } from './context.js'
import { isLoopback } from './loopback.js'

export interface Session {
  address: Address
  expiresAt: string
}

export interface Auth {
  /** Signs the EIP-4361 text that the API proposes, after checking that it is for this API, account and chain. */
  signIn(): Promise<Session>
  signOut(): Promise<void>
  /** The session in force, or null. */
  session(): Promise<Session | null>
  /** The header that proves the session; signs in where there is none. Empty when a cookie does it. */
  headers(): Promise<Record<string, string>>
  /** Drops a token that the API no longer takes; false when there was none to drop. */
  forget(): boolean
}

export function createAuth(context: Context, given?: string): Auth {
  let token = given
  let pending: Promise<Session> | undefined

  async function signIn(): Promise<Session> {
    const address = await context.account()
    const { chainId } = await context.network()
    const nonce = await context.call<NonceResource>('/v1/auth/nonce', {
      method: 'POST',
      body: { address },
      idempotent: true,
    })
    checkSignInText(nonce.message, { api: context.api, address, chainId, nonce: nonce.nonce })
    const signature = await context.signer().signMessage(nonce.message)
    const session = await context.call<NewSessionResource>('/v1/auth/session', {
      method: 'POST',
      body: { message: nonce.message, signature },
    })
    token = session.token
    return { address: session.address as Address, expiresAt: session.expiresAt }
  }

  const signInOnce = () => {
    pending ??= signIn().finally(() => {
      pending = undefined
    })
    return pending
  }

  const bearer = (): Record<string, string> =>
    token && token !== 'cookie' ? { authorization: `Bearer ${token}` } : {}

  return {
    signIn: signInOnce,
    async headers() {
      if (!token) await signInOnce()
      return bearer()
    },
    async signOut() {
      const headers = bearer()
      token = undefined
      await context.call('/v1/auth/session', { method: 'DELETE', headers })
    },
    async session() {
      const headers = bearer()
      try {
        const session = await context.call<Session>('/v1/auth/session', { headers })
        token ??= 'cookie'
        return session
      } catch (error) {
        if (error instanceof GranaryError && error.status === 401) return null
        throw error
      }
    },
    forget() {
      const had = token !== undefined
      token = undefined
      return had
    },
  }
}

/**
 * Refuses to sign a text that would sign in somewhere else: an API that is itself a stranger's page could pass on
 * another site's text. Throws SIWE_MALFORMED, SIWE_DOMAIN_MISMATCH, SIWE_CHAIN_MISMATCH.
 */
export function checkSignInText(
  text: string,
  expected: { api: string; address: string; chainId: number; nonce: string },
): void {
  const [first = '', second = ''] = text.split('\n')
  const domain = / wants you to sign in with your Ethereum account:$/.test(first)
    ? first.split(' ')[0]!
    : undefined
  const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1]
  if (!domain || second !== expected.address || !field('Issued At') || field('Nonce') !== expected.nonce)
    throw new GranaryError('SIWE_MALFORMED', 'the API proposed a sign-in text that is not for this account')
  if (!sameHost(domain.replace(/^https?:\/\//, ''), new URL(expected.api).host))
    throw new GranaryError(
      'SIWE_DOMAIN_MISMATCH',
      `the sign-in text is for ${domain}, not for ${expected.api}`,
    )
  if (field('Chain ID') !== String(expected.chainId))
    throw new GranaryError('SIWE_CHAIN_MISMATCH', `the sign-in text is for chain ${field('Chain ID')}`)
}

/** `localhost` and `127.0.0.1` are one machine; otherwise letter for letter. */
function sameHost(one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [new URL(`http://${one}`), new URL(`http://${other}`)]
  return isLoopback(a.hostname) && isLoopback(b.hostname) && a.port === b.port
}
