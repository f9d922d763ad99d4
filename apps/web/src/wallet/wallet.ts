import type { Signer } from 'ethers'
import type { Eip1193 } from './injected.js'

/** An account that can sign, whoever keeps its key. */
export interface Wallet {
  readonly kind: 'injected' | 'development'
  /** What the wallet calls itself. */
  readonly name: string
  /** Where to find the same wallet again after a reload. */
  readonly key: string
  /** Checksummed as the wallet gives it; compare with `sameAddress`. */
  readonly address: string
  /** The chain that the wallet is set to. */
  readonly chainId: number
  /** Reads the chain that the wallet is set to; null where it has none of its own. */
  readonly chain: Eip1193 | null
  /** Signs a text (EIP-191). @throws WalletError */
  signText(text: string): Promise<string>
  /** A signer for the SDK; loads ethers. */
  signer(): Promise<Signer>
  /** Asks the wallet to change to the chain, adding it when `rpcUrl` is known. @throws WalletError */
  changeChain(chain: { chainId: number; name: string; rpcUrl: string | null }): Promise<void>
  /** Tells when account or chain change; null = the account is gone. Returns how to stop. */
  watch(changed: (now: { address: string; chainId: number } | null) => void): () => void
}

/** Why a wallet did not do what it was asked. */
export class WalletError extends Error {
  constructor(
    readonly code:
      | 'WALLET_REJECTED'
      | 'WALLET_BUSY'
      | 'WALLET_FAILED'
      | 'WALLET_CHAIN_UNKNOWN'
      | 'WALLET_CHANGED'
      | 'SIGNING_REFUSED',
    message: string,
  ) {
    super(message)
    this.name = 'WalletError'
  }
}

export function sameAddress(a: string | null | undefined, b: string | null | undefined): boolean {
  return a != null && b != null && a.toLowerCase() === b.toLowerCase()
}

/** Turns what wallets and ethers throw into a WalletError: EIP-1193 numbers, wrapped ones too. */
export function walletError(cause: unknown): WalletError {
  if (cause instanceof WalletError) return cause
  const numbers: unknown[] = []
  let text = ''
  for (
    let at = cause as Nested | undefined, depth = 0;
    at && depth < 5;
    at = at.info?.error ?? at.error ?? at.cause
  ) {
    numbers.push(at.code)
    text ||= at.shortMessage ?? at.message ?? ''
    depth += 1
  }
  if (numbers.includes(4001) || numbers.includes('ACTION_REJECTED')) {
    return new WalletError('WALLET_REJECTED', 'The wallet was told not to sign.')
  }
  if (numbers.includes(4902))
    return new WalletError('WALLET_CHAIN_UNKNOWN', 'The wallet does not know this network.')
  if (numbers.includes(-32002)) {
    return new WalletError('WALLET_BUSY', 'The wallet already waits for an answer. Open it and look there.')
  }
  return new WalletError('WALLET_FAILED', text || 'The wallet did not answer as expected.')
}

/** Runs `work`, which has the wallet sign; what the wallet refuses is thrown as WalletError, all else as it is. */
export async function signing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const refusal = walletError(error)
    throw refusal.code === 'WALLET_FAILED' ? error : refusal
  }
}

interface Nested {
  code?: unknown
  message?: string
  shortMessage?: string
  error?: Nested
  cause?: Nested
  info?: { error?: Nested }
}
