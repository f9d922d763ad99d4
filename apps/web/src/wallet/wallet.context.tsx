import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { connectDevelopment } from './development.js'
import { type Announced, subscribe, wallets } from './discovery.js'
import { connectInjected } from './injected.js'
import type { Wallet } from './wallet.js'

interface WalletState {
  wallet: Wallet | null
  /** The wallet of the last visit is still being looked for. */
  returning: boolean
  /** Wallets that announced themselves (EIP-6963). */
  announced: readonly Announced[]
  use(wallet: Wallet): void
  forget(): void
}

const Context = createContext<WalletState | null>(null)
const REMEMBERED = 'granary.wallet'
/** Milliseconds after which a wallet that was here last time does not come any more. */
const PATIENCE = 3_000

/** Keeps the connected wallet; finds the one of the last visit again without opening its window. */
export function WalletProvider({
  development,
  children,
}: {
  /** The embedded network's chain, where its development wallet may be offered; null elsewhere and until known. */
  development: number | null
  children: ReactNode
}) {
  const announced = useSyncExternalStore(subscribe, wallets)
  const [wallet, setWallet] = useState<Wallet | null>(null)
  const [returning, setReturning] = useState(() => localStorage.getItem(REMEMBERED) !== null)

  const use = useCallback((next: Wallet) => {
    localStorage.setItem(REMEMBERED, next.key)
    setWallet(next)
  }, [])
  const forget = useCallback(() => {
    localStorage.removeItem(REMEMBERED)
    setWallet(null)
  }, [])

  useEffect(() => {
    const timer = setTimeout(() => setReturning(false), PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (wallet) {
      setReturning(false)
      return wallet.watch((now) => setWallet(now && withAccount(wallet, announced, now, setWallet)))
    }
    let late = false
    const found = (again: Wallet | null) => {
      if (again && !late) setWallet(again)
    }
    const key = localStorage.getItem(REMEMBERED) ?? ''
    const index = /^development:(\d+)$/.exec(key)?.[1]
    const same = announced.find(({ info }) => key === `injected:${info.rdns}`)
    if (index !== undefined && development !== null) {
      connectDevelopment(Number(index), development).then(found, () => localStorage.removeItem(REMEMBERED))
    } else if (same) {
      connectInjected(same, true).then(found, () => {})
    }
    return () => {
      late = true
    }
  }, [wallet, announced, development])

  const state = useMemo(
    () => ({ wallet, returning, announced, use, forget }),
    [wallet, returning, announced, use, forget],
  )
  return <Context value={state}>{children}</Context>
}

/** After a change of account or chain the wallet is connected anew, silently; until then the old one is shown. */
function withAccount(
  wallet: Wallet,
  announced: readonly Announced[],
  now: { address: string; chainId: number },
  set: (wallet: Wallet | null) => void,
): Wallet {
  const source = announced.find(({ info }) => wallet.key === `injected:${info.rdns}`)
  if (source) connectInjected(source, true).then(set, () => set(null))
  return { ...wallet, chainId: now.chainId }
}

export function useWallet(): WalletState {
  const state = useContext(Context)
  if (!state) throw new Error('useWallet is called outside of WalletProvider')
  return state
}
