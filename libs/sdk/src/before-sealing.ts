// What is looked at again before a file is sealed: a client that runs on may have been made before the custodians of
// today, and a pool that was chosen may be closed by now. While the server is away nothing speaks against sealing:
// whatever follows waits for it.
import {
  contributionRefusal,
  GranaryError,
  type NetworkResource,
  type PoolResource,
  type PurposeName,
  purposesToBits,
} from '@granary/protocol'
import { type Context, now } from './context.js'
import type { Terms } from './contribute.js'
import type { NetworkFacts } from './network.js'

/** The network's facts, read anew where the custodians have another key than when they were read. */
export async function factsToSealBy(context: Context, signal?: AbortSignal): Promise<NetworkFacts> {
  const known = await context.network()
  const told = await unlessAway(context.call<NetworkResource>('/v1/network', { signal }))
  return !told || keyOf(told) === keyOf(known) ? known : context.network({ again: true })
}

/** Throws what a contribution on these terms would be refused for: POOL_UNKNOWN, POOL_IS_CLOSED, CONSENT_EXPIRED, … */
export async function refuseTerms(
  context: Context,
  { pool: number, purposes, expires, ask }: Terms,
  signal?: AbortSignal,
): Promise<void> {
  const pool = await unlessAway(context.call<PoolResource>(`/v1/pools/${number}`, { signal })).catch(
    (error) => {
      if ((error as { code?: string }).code !== 'POOL_UNKNOWN') throw error
      throw new GranaryError('POOL_UNKNOWN', `there is no pool ${number}: choose another one`)
    },
  )
  if (!pool) return
  const time = now()
  const message = {
    purposes: purposesToBits(purposes as readonly PurposeName[]),
    expires: expires ? Math.floor(expires.getTime() / 1000) : 0,
    flags: ask ? 1 : 0,
    deadline: BigInt(time),
  }
  const state = { now: time, pool: { exists: true, closed: pool.closed }, dataset: null }
  const code = contributionRefusal(message, state)
  if (code === 'POOL_IS_CLOSED')
    throw new GranaryError(code, `pool ${number} takes no more contributions: choose another one`)
  if (code) throw new GranaryError(code)
}

const keyOf = ({ committee }: Pick<NetworkFacts | NetworkResource, 'committee'>) =>
  committee?.groupKey.toLowerCase() ?? null

/** undefined when the server does not answer, or cannot just now. */
const unlessAway = <T>(asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((error) => {
    if (error instanceof GranaryError && (error.status === 429 || error.status >= 500)) return undefined
    throw error
  })
