import { isIP } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import { GranaryError } from '@granary/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressKey } from './client-address.js'

const MINUTE_MS = 60_000

/** Counts a request. @throws GranaryError TOO_MANY_REQUESTS */
export type RateLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/**
 * Makes limits of so many requests a minute, each by a key of its own, counted in this process's memory. At most `keys`
 * are counted at once; the one that was seen longest ago is forgotten for a new one.
 */
export async function createRateLimits(
  fastify: FastifyInstance,
  keys: number,
): Promise<(perMinute: number, keyOf: (request: FastifyRequest) => string) => RateLimit> {
  await fastify.register(rateLimit, { global: false })
  // Each limit has a store of its own; its types forget that it takes a size.
  const bounded: object = { cache: keys }
  return (max, keyGenerator) => {
    const limit = fastify.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator, ...bounded })
    return (request, reply) => judge(limit, request, reply)
  }
}

/** Tells the tighter of the limits that a request met, in the fields of draft-ietf-httpapi-ratelimit-headers-07. */
async function judge(
  limit: ReturnType<FastifyInstance['createRateLimit']>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
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
export const clientKey = ({ ip, socket }: FastifyRequest): string =>
  addressKey(isIP(ip) ? ip : socket.remoteAddress)
