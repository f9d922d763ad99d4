import { contractErrorCode, type ErrorCode, GranaryError, isFailedCall } from '@granary/protocol'
import { type CallExceptionError, type Interface, isCallException } from 'ethers'

/** OpenZeppelin's errors that a trainer's payment can meet. */
const TOKEN_ERRORS: Record<string, ErrorCode> = {
  ERC20InsufficientAllowance: 'ALLOWANCE_TOO_LOW',
  ERC20InsufficientBalance: 'BALANCE_TOO_LOW',
}

/** The refusal that a call or gas estimate met, null when the error is no revert (no connection, a busy node …). */
export function refusalOf(error: unknown, ...abis: Interface[]): GranaryError | null {
  if (!isCallException(error as Error) || !isFailedCall(error)) return null
  const data = (error as CallExceptionError).data
  for (const abi of abis) {
    const parsed = data ? abi.parseError(data) : null
    if (parsed)
      return new GranaryError(
        TOKEN_ERRORS[parsed.name] ?? contractErrorCode(parsed.name),
        `${parsed.name}(${parsed.args.join(', ')})`,
      )
  }
  return new GranaryError('CONTRACT_REVERTED', (error as CallExceptionError).reason ?? undefined)
}

/** For a rejected read of the chain: what is no refusal of ours is a chain that does not answer. */
export function asUnavailable(error: unknown): never {
  if (error instanceof GranaryError) throw error
  throw new GranaryError('CHAIN_UNAVAILABLE', undefined, { cause: error })
}
