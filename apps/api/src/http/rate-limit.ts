import { clientKey, createRateLimits, type RateLimit } from '@granary/operation'
import { Inject, Injectable } from '@nestjs/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'

/** What costs the operator most for somebody who is nobody yet: a row, and for a contract wallet a call of the chain. */
const SIGN_IN = new Set(['/v1/auth/nonce', '/v1/auth/session'])

type Limited = FastifyRequest & { limitedAs?: string }

/**
 * How many requests a minute, by address and by account. Each replica counts for itself, in memory: a limit is there to
 * keep one caller from taking everything, not to account for anything, and costs no query.
 *
 * | what | by | variable |
 * | --- | --- | --- |
 * | `/v1`, `/docs`, `/metrics`, `/readyz` | address | RATE_LIMIT_PER_MINUTE |
 * | asking for a nonce, presenting a signature | address, besides | SIGN_IN_RATE_LIMIT_PER_MINUTE |
 * | `/ipfs` and the web app's files | address | GATEWAY_RATE_LIMIT_PER_MINUTE |
 * | whatever needs a session | account, besides | ACCOUNT_RATE_LIMIT_PER_MINUTE |
 *
 * At most RATE_LIMIT_KEYS addresses or accounts are counted by each at once; the one seen longest ago is forgotten for a
 * new one. `/healthz` has none: it costs nothing, and whoever watches must not be told that the process is dead.
 */
@Injectable()
export class RateLimits {
  private account?: RateLimit

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  async mount(fastify: FastifyInstance): Promise<void> {
    const by = await createRateLimits(fastify, this.config.RATE_LIMIT_KEYS)
    const calls = by(this.config.RATE_LIMIT_PER_MINUTE, clientKey)
    const signIns = by(this.config.SIGN_IN_RATE_LIMIT_PER_MINUTE, clientKey)
    const files = by(this.config.GATEWAY_RATE_LIMIT_PER_MINUTE, clientKey)
    this.account = by(
      this.config.ACCOUNT_RATE_LIMIT_PER_MINUTE,
      (request: Limited) => request.limitedAs ?? '',
    )
    fastify.addHook('onRequest', async (request, reply) => {
      const path = request.url.split('?')[0] ?? ''
      if (path === '/healthz') return
      const isCall = /^\/(?:v1|docs|docs-json|docs-yaml|metrics|readyz)(?:\/|$)/.test(path)
      await (isCall ? calls : files)(request, reply)
      if (request.method === 'POST' && SIGN_IN.has(path)) await signIns(request, reply)
    })
  }

  /** Counts a request of somebody who is signed in. @throws GranaryError TOO_MANY_REQUESTS */
  async countAccount(request: FastifyRequest, reply: FastifyReply, address: string): Promise<void> {
    const limited = request as Limited
    limited.limitedAs = address
    await this.account?.(request, reply)
  }
}
