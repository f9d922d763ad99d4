import type { DatasetResource } from '@granary/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
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

/** A run that the page follows. */
export function useRun<Item>(act: (item: Item, sent: () => void) => Promise<unknown>) {
  const client = useQueryClient()
  const [state, setState] = useState<RunState<Item> | null>(null)
  const run = useRef<ReturnType<typeof bulkRun<Item>> | null>(null)
  return {
    state,
    start(items: readonly Item[]) {
      const made = bulkRun(items, act, (now) => {
        setState(now)
        if (now.phase !== 'running') void client.invalidateQueries({ queryKey: ['datasets'] })
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
