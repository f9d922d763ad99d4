import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import type { Wallet } from '../../wallet/wallet.js'
import { ContributeError, contributeFile, type Order, type Phase } from './run.js'

export type ItemState =
  | { kind: 'waiting' }
  | { kind: 'running'; phase: Phase; done: number; total: number }
  | { kind: 'done'; id: string; transaction: string }
  | { kind: 'failed'; code: string; message: string }
  | { kind: 'cancelled' }

export interface Item {
  key: string
  order: Order
  state: ItemState
}

type Action =
  | { type: 'start'; items: Item[] }
  | { type: 'state'; key: string; state: ItemState }
  | { type: 'clear' }

function reduce(items: Item[], action: Action): Item[] {
  if (action.type === 'start') return action.items
  if (action.type === 'clear') return []
  return items.map((item) => (item.key === action.key ? { ...item, state: action.state } : item))
}

/** Contributes files one after the other; one that fails or is cancelled does not stop the others. */
export function useContributions(wallet: Wallet) {
  const [items, dispatch] = useReducer(reduce, [])
  const queue = useRef<{ key: string; order: Order }[]>([])
  const working = useRef(false)
  const running = useRef<{ key: string; controller: AbortController } | null>(null)
  const client = useQueryClient()

  const work = useCallback(async () => {
    if (working.current) return
    working.current = true
    for (let next = queue.current.shift(); next; next = queue.current.shift()) {
      const { key, order } = next
      const set = (state: ItemState) => dispatch({ type: 'state', key, state })
      const controller = new AbortController()
      running.current = { key, controller }
      try {
        const { id, transaction } = await contributeFile(
          order,
          wallet,
          (phase, done, total) => set({ kind: 'running', phase, done, total }),
          controller.signal,
        )
        set({ kind: 'done', id, transaction })
        void client.invalidateQueries({ queryKey: ['datasets'] })
        void client.invalidateQueries({ queryKey: ['pools'] })
      } catch (error) {
        if (controller.signal.aborted) set({ kind: 'cancelled' })
        else set({ kind: 'failed', ...failure(error) })
      }
      void client.invalidateQueries({ queryKey: ['identity'] })
    }
    running.current = null
    working.current = false
  }, [wallet, client])

  const busy = items.some(({ state }) => state.kind === 'waiting' || state.kind === 'running')
  useEffect(() => {
    if (!busy) return
    const stay = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', stay)
    return () => window.removeEventListener('beforeunload', stay)
  }, [busy])
  useEffect(() => () => running.current?.controller.abort(), [])

  return {
    items,
    busy,
    start(orders: { key: string; order: Order }[]) {
      dispatch({ type: 'start', items: orders.map((entry) => ({ ...entry, state: { kind: 'waiting' } })) })
      queue.current = [...orders]
      void work()
    },
    cancel(key: string) {
      if (running.current?.key === key) return running.current.controller.abort()
      queue.current = queue.current.filter((entry) => entry.key !== key)
      dispatch({ type: 'state', key, state: { kind: 'cancelled' } })
    },
    retry(item: Item) {
      dispatch({ type: 'state', key: item.key, state: { kind: 'waiting' } })
      queue.current.push({ key: item.key, order: item.order })
      void work()
    },
    clear: () => dispatch({ type: 'clear' }),
  }
}

function failure(error: unknown) {
  if (error instanceof ContributeError) return { code: error.code, message: error.message }
  return { code: 'UNKNOWN', message: error instanceof Error ? error.message : String(error) }
}
