import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import type { Wallet } from '../../wallet/wallet.js'
import type { Snapshot } from './contributions.state.js'
import { Contributions } from './contributions.store.js'
import { type Draft, emptyDraft } from './draft.js'
import { showUnderWay } from './underway.store.js'

interface Held {
  contributions: Contributions
  draft: Draft
  setDraft: Dispatch<SetStateAction<Draft>>
}

const Context = createContext<Held | null>(null)

/** Holds the account's contributions above the pages, so that going to another page stops none, nor empties the form. */
export function ContributionsProvider({ wallet, children }: { wallet: Wallet; children: ReactNode }) {
  const client = useQueryClient()
  const [draft, setDraft] = useState(emptyDraft)
  const [contributions, setContributions] = useState<Contributions | null>(null)
  useEffect(() => {
    // A thousand small files end one after the other: the lists are fetched anew once for several.
    const old = new Set<string>()
    const invalidate = (...keys: string[]) => {
      if (old.size === 0)
        setTimeout(() => {
          for (const key of old) void client.invalidateQueries({ queryKey: [key] })
          old.clear()
        }, 300)
      for (const key of keys) old.add(key)
    }
    const made = new Contributions(wallet, (what) => {
      if (what === 'registered') invalidate('datasets', 'pools')
      else invalidate(what === 'identity' ? 'identity' : 'unfinished')
    })
    const tell = () => {
      const { items, totals } = made.read()
      showUnderWay(items.length > 0 ? totals : null)
    }
    const stop = made.subscribe(tell)
    setContributions(made)
    return () => {
      stop()
      made.leave()
      showUnderWay(null)
    }
  }, [wallet, client])
  if (!contributions) return null
  return (
    <Context value={{ contributions, draft, setDraft }}>
      <StayOpen />
      {children}
    </Context>
  )
}

/** Asks before the tab is closed while something works. */
function StayOpen() {
  const { totals } = useContributions()
  useEffect(() => {
    if (!totals.busy) return
    const stay = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', stay)
    return () => window.removeEventListener('beforeunload', stay)
  }, [totals.busy])
  return null
}

export function useHeld(): Held {
  const held = useContext(Context)
  if (!held) throw new Error('useHeld is called outside of ContributionsProvider')
  return held
}

/** The contributions and how they stand. */
export function useContributions(): Snapshot & { contributions: Contributions } {
  const { contributions } = useHeld()
  return { contributions, ...useSyncExternalStore(contributions.subscribe, contributions.read) }
}
