import { type ErrorCode, isFailedCall } from '@granary/protocol'

/**
 * Which service was not there, by who throws so; undefined when it was none. Prisma and the driver below it have codes and
 * words of their own, the block store's client throws what `fetch` throws, and ethers passes on what the socket said, or
 * its own word for an answer that is none.
 */
export function failedService(error: unknown): ErrorCode | undefined {
  if (!(typeof error === 'object' && error !== null)) return undefined
  const { name, message = '', code } = error as { name?: string; message?: string; code?: unknown }
  if (name === 'TypeError' && message === 'fetch failed') return 'STORAGE_UNAVAILABLE'
  if (DATABASE_WORDS.test(message)) return 'DATABASE_UNAVAILABLE'
  if (typeof code !== 'string') return undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'STORAGE_UNAVAILABLE'
  if (/^P10\d\d$/.test(code)) return 'DATABASE_UNAVAILABLE'
  // A node that fails by itself looks to ethers like a contract that refuses without a reason.
  if (code === 'CALL_EXCEPTION') return isFailedCall(error) ? undefined : 'CHAIN_UNAVAILABLE'
  return CHAIN_CODES.test(code) ? 'CHAIN_UNAVAILABLE' : undefined
}

/** A raw query has no code for a database that is away, and neither has a connection that breaks meanwhile. */
const DATABASE_WORDS =
  /Can't reach database server|Connection terminated|terminating connection|database system is (starting|shutting)/

const CHAIN_CODES = /^(ECONN\w+|EPIPE|SERVER_ERROR|NETWORK_ERROR|TIMEOUT)$/
