import type { Announced } from './discovery.js'
import { reviewed } from './reviewed.js'
import { type Wallet, WalletError, walletError } from './wallet.js'

/** The provider of EIP-1193. */
export interface Eip1193 {
  request(call: { method: string; params?: unknown }): Promise<unknown>
  on?(event: string, listener: (value: never) => void): void
  removeListener?(event: string, listener: (value: never) => void): void
}

/**
 * Connects a wallet that announced itself.
 * @param silently only if the person allowed it before: no window opens, and null means not allowed
 * @throws WalletError
 */
export async function connectInjected(announced: Announced, silently: true): Promise<Wallet | null>
export async function connectInjected(announced: Announced, silently?: false): Promise<Wallet>
export async function connectInjected(
  { info, provider }: Announced,
  silently = false,
): Promise<Wallet | null> {
  const call = async <T>(method: string, params?: unknown): Promise<T> => {
    try {
      return (await provider.request(params === undefined ? { method } : { method, params })) as T
    } catch (cause) {
      throw walletError(cause)
    }
  }
  const [address] = await call<string[]>(silently ? 'eth_accounts' : 'eth_requestAccounts')
  if (!address) {
    if (silently) return null
    throw new WalletError('WALLET_REJECTED', 'The wallet shared no account.')
  }
  const chainId = Number(await call<string>('eth_chainId'))

  return reviewed({
    kind: 'injected',
    name: info.name,
    key: `injected:${info.rdns}`,
    address,
    chainId,
    chain: provider,
    signText: (text) => call<string>('personal_sign', [toHex(text), address]),
    async signer() {
      const { BrowserProvider } = await import('ethers')
      return new BrowserProvider(provider).getSigner(address)
    },
    async changeChain(chain) {
      const id = `0x${chain.chainId.toString(16)}`
      try {
        await call('wallet_switchEthereumChain', [{ chainId: id }])
      } catch (error) {
        if ((error as WalletError).code !== 'WALLET_CHAIN_UNKNOWN' || chain.rpcUrl === null) throw error
        await call('wallet_addEthereumChain', [
          {
            chainId: id,
            chainName: chain.name,
            rpcUrls: [chain.rpcUrl],
            nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
          },
        ])
      }
    },
    watch(changed) {
      let now: { address: string; chainId: number } = { address, chainId }
      const accounts = ([first]: string[]) => {
        if (!first) return changed(null)
        now = { ...now, address: first }
        changed(now)
      }
      const chain = (id: string) => {
        now = { ...now, chainId: Number(id) }
        changed(now)
      }
      provider.on?.('accountsChanged', accounts as (value: never) => void)
      provider.on?.('chainChanged', chain as (value: never) => void)
      return () => {
        provider.removeListener?.('accountsChanged', accounts as (value: never) => void)
        provider.removeListener?.('chainChanged', chain as (value: never) => void)
      }
    },
  })
}

function toHex(text: string): string {
  return `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
