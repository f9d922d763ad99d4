import { type ErrorCode, isFailedCall } from '@granary/protocol'

/**
 * Which service was not there, by who throws so; undefined when it was none. Prisma and the driver below it have codes and
 * words of their own, the block store's client throws what `fetch` throws and `HTTPError` for what Kubo itself refuses,
 * and ethers passes on what the socket said, or its own word for an answer that is none.
 */
export function failedService(error: unknown): ErrorCode | undefined {
  if (!(typeof error === 'object' && error !== null)) return undefined
  const { name, message = '', code } = error as { name?: string; message?: string; code?: unknown }
  if ((name === 'TypeError' && message === 'fetch failed') || name === 'HTTPError')
    return 'STORAGE_UNAVAILABLE'
  if (message.startsWith('response body is not valid JSON')) return 'CHAIN_UNAVAILABLE'
  if (DATABASE_WORDS.test(message)) return 'DATABASE_UNAVAILABLE'
  if (typeof code !== 'string') return undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'STORAGE_UNAVAILABLE'
  if (/^P10\d\d$/.test(code)) return 'DATABASE_UNAVAILABLE'
  // A node that fails by itself looks to ethers like a contract that refuses without a reason.
  if (code === 'CALL_EXCEPTION') return isFailedCall(error) ? undefined : 'CHAIN_UNAVAILABLE'
  return CHAIN_CODES.test(code) ? 'CHAIN_UNAVAILABLE' : undefined
}

/** What has no code of Prisma's: a raw query, a connection that breaks meanwhile, a server that starts, ends or is full. */
const DATABASE_WORDS =
  /Can't reach database server|Connection terminated|Server has closed the connection|Code: `(57P0\d|08\w{3}|53\w{3})`/

const CHAIN_CODES = /^(ECONN\w+|EPIPE|SERVER_ERROR|NETWORK_ERROR|TIMEOUT)$/
