import { isIP } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import { GranaryError } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { addressKey } from './client-address.js'

const MINUTE_MS = 60_000
/** Addresses and accounts that are counted at once; the one seen longest ago is forgotten for a new one. */
const MOST_KEYS = 20_000
/** Each limit has a store of its own; its types forget that it takes a size. */
const BOUNDED: object = { cache: MOST_KEYS }
/** What costs the operator most for somebody who is nobody yet: a row, and for a contract wallet a call of the chain. */
const SIGN_IN = new Set(['/v1/auth/nonce', '/v1/auth/session'])

type Limited = FastifyRequest & { limitedAs?: string }
type Limit = ReturnType<FastifyInstance['createRateLimit']>

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
 * `/healthz` has none: it costs nothing, and whoever watches must not be told that the process is dead.
 */
@Injectable()
export class RateLimits {
  private account?: Limit

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  async mount(fastify: FastifyInstance): Promise<void> {
    await fastify.register(rateLimit, { global: false })
    const by = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
      fastify.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator, ...BOUNDED })
    const ip = (request: FastifyRequest) => clientKey(request)
    const calls = by(this.config.RATE_LIMIT_PER_MINUTE, ip)
    const signIns = by(this.config.SIGN_IN_RATE_LIMIT_PER_MINUTE, ip)
    const files = by(this.config.GATEWAY_RATE_LIMIT_PER_MINUTE, ip)
    this.account = by(
      this.config.ACCOUNT_RATE_LIMIT_PER_MINUTE,
      (request: Limited) => request.limitedAs ?? '',
    )
    fastify.addHook('onRequest', async (request, reply) => {
      const path = request.url.split('?')[0] ?? ''
      if (path === '/healthz') return
      const isCall = /^\/(?:v1|docs|docs-json|docs-yaml|metrics|readyz)(?:\/|$)/.test(path)
      await judge(isCall ? calls : files, request, reply)
      if (request.method === 'POST' && SIGN_IN.has(path)) await judge(signIns, request, reply)
    })
  }

  /** Counts a request of somebody who is signed in. @throws GranaryError TOO_MANY_REQUESTS */
  async countAccount(request: FastifyRequest, reply: FastifyReply, address: string): Promise<void> {
    const limited = request as Limited
    limited.limitedAs = address
    if (this.account) await judge(this.account, request, reply)
  }
}

/** Tells the tighter of the limits that a request met, in the fields of draft-ietf-httpapi-ratelimit-headers-07. */
async function judge(limit: Limit, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const state = await limit(request)
  if (state.isAllowed) return
  const told = reply.getHeader('ratelimit-remaining')
  if (told === undefined || state.remaining <= Number(told) || state.isExceeded)
    reply.headers({
      'ratelimit-limit': state.max,
      'ratelimit-remaining': state.remaining,
      'ratelimit-reset': state.ttlInSeconds,
    })
  if (!state.isExceeded) return
  reply.header('retry-after', state.ttlInSeconds)
  throw new GranaryError('TOO_MANY_REQUESTS')
}

/** What a proxy says is a proxy's word: what is no address counts as the connection's own. */
const clientKey = ({ ip, socket }: FastifyRequest) => addressKey(isIP(ip) ? ip : socket.remoteAddress)
