import { createContext, type ReactNode, useContext } from 'react'
import type { Wallet } from '../../wallet/wallet.js'
import { useContributions } from './contribute.queue.js'

type Contributions = ReturnType<typeof useContributions>

const Context = createContext<Contributions | null>(null)

/** Holds the account's contributions above the pages, so that going to another page stops none. */
export function ContributionsProvider({ wallet, children }: { wallet: Wallet; children: ReactNode }) {
  return <Context value={useContributions(wallet)}>{children}</Context>
}

export function useContributionsUnderWay(): Contributions {
  const contributions = useContext(Context)
  if (!contributions) throw new Error('useContributionsUnderWay is called outside of ContributionsProvider')
  return contributions
}
