import type { DatasetResource } from '@granary/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { expectFollowing, expectNoMore, type Repeated } from '../../wallet/review.js'
import { bulkRun, type RunState } from './bulk.run.js'

/** What a dialog over a selection is given. */
export interface BulkProps {
  count: number
  /** Fetches the datasets that are selected, those on later pages included. */
  collect: () => Promise<DatasetResource[]>
  wallet: import('../../wallet/wallet.js').Wallet
  onOpen: (open: boolean) => void
  onSaid: (said: string) => void
  /** Called when all of them are through. */
  onDone: () => void
}

/** A run that the page follows; `name` is what is signed for each item. */
export function useRun<Item>(name: Repeated, act: (item: Item, sent: () => void) => Promise<unknown>) {
  const client = useQueryClient()
  const [state, setState] = useState<RunState<Item> | null>(null)
  const run = useRef<ReturnType<typeof bulkRun<Item>> | null>(null)
  return {
    state,
    start(items: readonly Item[]) {
      const signed = (item: Item, sent: () => void, left: number) => {
        expectFollowing(name, () => left)
        return act(item, sent)
      }
      const made = bulkRun(items, signed, (now) => {
        setState(now)
        if (now.phase === 'running') return
        expectNoMore(name)
        void client.invalidateQueries({ queryKey: ['datasets'] })
      })
      run.current = made
      void made.go()
    },
    stop: () => run.current?.stop(),
    goOn: () => void run.current?.go(),
    again: () => void run.current?.again(),
    reset() {
      run.current = null
      setState(null)
    },
  }
}
