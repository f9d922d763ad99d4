import { randomBytes } from 'node:crypto'
import { note } from '@granary/operation'
import { GranaryError } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { getAddress } from 'ethers'
import { CONFIG } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import type { Config } from '../config.js'
import { PublicUrl } from '../http/public-url.js'
import { AuthRepository } from './auth.repository.js'
import { comesFromElsewhere, mayBeForged, type SiteHeaders } from './cross-site.js'
import { isSignedBy } from './signer.js'
import { readSignIn, type SignInTerms, signInText, withinOrigin } from './siwe.js'
import { hashToken, newToken, presentedToken } from './token.js'

const NONCE_MINUTES = 10

/** Who is asking. */
export interface Session {
  address: string
  expiresAt: Date
}

/** Sign-in by EIP-4361. A session says who asks; it never stands in for a signed message. */
@Injectable()
export class AuthService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly publicUrl: PublicUrl,
    private readonly repository: AuthRepository,
    private readonly chain: Chain,
  ) {}

  async nonce({ address, uri }: { address: string; uri?: string | undefined }) {
    const terms = this.terms()
    if (uri && !withinOrigin(uri, terms.origin)) throw new GranaryError('SIWE_DOMAIN_MISMATCH')
    const nonce = randomBytes(16).toString('hex')
    const issuedAt = new Date()
    const expiresAt = new Date(issuedAt.getTime() + NONCE_MINUTES * 60_000)
    await this.repository.addNonce(nonce, address, expiresAt)
    const message = signInText(terms, { address, nonce, uri: uri ?? terms.origin, issuedAt, expiresAt })
    return { nonce, message, expiresAt: expiresAt.toISOString() }
  }

  /**
   * A session for a signed sign-in text. The nonce is spent before the signature is looked at: one try each, and the
   * chain is asked nothing for a text that is not ours. Another site's page may not sign its visitors in here.
   */
  async signIn(text: string, signature: string, headers: SiteHeaders): Promise<Session & { token: string }> {
    if (comesFromElsewhere(headers, this.publicUrl.origin))
      throw new GranaryError('FORBIDDEN', 'this request comes from another site')
    const message = readSignIn(this.terms(), text, new Date())
    const address = getAddress(message.address)
    if (!(await this.repository.spendNonce(message.nonce, address))) throw new GranaryError('NONCE_UNKNOWN')
    if (!(await isSignedBy(this.chain.provider, address, text, signature)))
      throw new GranaryError('SIGNATURE_INVALID')
    const token = newToken()
    const expiresAt = new Date(Date.now() + this.config.SESSION_HOURS * 3_600_000)
    await this.repository.addSession(hashToken(token), address, expiresAt)
    return { token, address, expiresAt }
  }

  /**
   * The session that a request's headers show.
   *
   * @throws GranaryError UNAUTHENTICATED, SESSION_EXPIRED; FORBIDDEN when another site made a browser send its cookie
   */
  async require(
    headers: { authorization?: string | undefined; cookie?: string | undefined } & SiteHeaders,
    method: string,
  ): Promise<Session> {
    const presented = presentedToken(headers)
    if (!presented) throw new GranaryError('UNAUTHENTICATED')
    const changes = !['GET', 'HEAD', 'OPTIONS'].includes(method)
    if (presented.by === 'cookie' && changes && mayBeForged(headers, this.publicUrl.origin))
      throw new GranaryError('FORBIDDEN', 'this request comes from another site')
    const session = await this.repository.session(hashToken(presented.token))
    if (!session) throw new GranaryError('UNAUTHENTICATED')
    if (session.expiresAt <= new Date()) throw new GranaryError('SESSION_EXPIRED')
    note({ account: session.address })
    return session
  }

  async signOut(headers: { authorization?: string | undefined; cookie?: string | undefined }): Promise<void> {
    const presented = presentedToken(headers)
    if (presented) await this.repository.removeSession(hashToken(presented.token))
  }

  private terms(): SignInTerms {
    const { host, origin } = this.publicUrl
    return { domain: host, origin, chainId: this.config.deployment.chainId }
  }
}
