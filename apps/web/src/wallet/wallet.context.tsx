import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
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
/** Milliseconds after which a wallet that was here last time, and of which nothing was seen yet, is not waited for. */
const PATIENCE = 3_000
/** The same of one that is there and does not answer. */
const LONG_PATIENCE = 15_000

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

  const isComing = useRef(false)
  useEffect(() => {
    const timers = [
      setTimeout(() => isComing.current || setReturning(false), PATIENCE),
      setTimeout(() => setReturning(false), LONG_PATIENCE),
    ]
    return () => timers.forEach(clearTimeout)
  }, [])
  useEffect(() => {
    if (wallet) {
      setReturning(false)
      return wallet.watch((now) => setWallet(now && withAccount(wallet, announced, now, setWallet)))
    }
    let late = false
    const found = (again: Wallet | null) => {
      if (late) return
      isComing.current = false
      if (again) setWallet(again)
      else setReturning(false)
    }
    const isGone = () => found(null)
    const key = localStorage.getItem(REMEMBERED) ?? ''
    const index = /^development:(\d+)$/.exec(key)?.[1]
    const same = announced.find(({ info }) => key === `injected:${info.rdns}`)
    if (index !== undefined && development !== null) {
      isComing.current = true
      connectDevelopment(Number(index), development).then(found, () => {
        localStorage.removeItem(REMEMBERED)
        isGone()
      })
    } else if (same) {
      isComing.current = true
      connectInjected(same, true).then(found, isGone)
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
