import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { expectFollowing } from '../../wallet/review.js'
import type { Wallet } from '../../wallet/wallet.js'
import { newRecord } from './record.js'
import { ContributeError, type Contribution, contributeFile, type Phase, pause } from './run.js'
import { hold, release } from './spool.hold.js'
import { findRecord, putRecord, removeSpool } from './spool.records.js'

export type ItemState =
  | { kind: 'waiting' }
  | { kind: 'running'; phase: Phase; done: number; total: number; away?: boolean | undefined }
  | { kind: 'done'; id: string; transaction: string }
  /** `kept`: its sealed file is, so trying again goes on with it. */
  | { kind: 'failed'; code: string; message: string; kept: boolean }
  | { kind: 'cancelled' }

export interface Item extends Contribution {
  state: ItemState
}

type Action =
  | { type: 'add'; items: Item[] }
  | { type: 'state'; name: string; state: ItemState }
  | { type: 'clear' }

function reduce(items: Item[], action: Action): Item[] {
  if (action.type === 'add') return [...items, ...action.items]
  if (action.type === 'clear') return []
  return items.map((item) => (item.name === action.name ? { ...item, state: action.state } : item))
}

/**
 * Contributes files one after the other; one that fails or is cancelled does not stop the others. This page holds each
 * until it is done, cancelled or cleared; when the page goes to another account, what is under way waits for the next
 * visit.
 */
export function useContributions(wallet: Wallet) {
  const [items, dispatch] = useReducer(reduce, [])
  const queue = useRef<Contribution[]>([])
  const working = useRef(false)
  const running = useRef<{ name: string; phase: Phase; controller: AbortController } | null>(null)
  const names = useRef(new Set<string>())
  const left = useRef(false)
  const taken = useRef<Promise<unknown>>(Promise.resolve())
  const client = useQueryClient()

  const letGo = useCallback(
    (...these: string[]) => {
      for (const name of these) {
        release(name)
        names.current.delete(name)
      }
      void client.invalidateQueries({ queryKey: ['unfinished'] })
    },
    [client],
  )

  const work = useCallback(async () => {
    if (working.current) return
    working.current = true
    for (let next = queue.current.shift(); next; next = queue.current.shift()) {
      const { name } = next
      const set = (state: ItemState) => dispatch({ type: 'state', name, state })
      const at = { name, phase: 'sealing' as Phase, controller: new AbortController() }
      running.current = at
      expectFollowing(queue.current.length)
      try {
        await taken.current
        const { id, transaction } = await contributeFile(
          next,
          wallet,
          (phase, done, total, away) => {
            at.phase = phase
            set({ kind: 'running', phase, done, total, away })
          },
          at.controller.signal,
        )
        set({ kind: 'done', id, transaction })
        letGo(name)
        void client.invalidateQueries({ queryKey: ['datasets'] })
        void client.invalidateQueries({ queryKey: ['pools'] })
      } catch (error) {
        if (at.controller.signal.aborted) {
          set({ kind: 'cancelled' })
          letGo(name)
        } else {
          const record = await findRecord(name).catch(() => null)
          set({ kind: 'failed', ...failure(error), kept: record?.sealed != null })
        }
      }
      void client.invalidateQueries({ queryKey: ['identity'] })
    }
    running.current = null
    working.current = false
    if (left.current) letGo(...names.current)
  }, [wallet, client, letGo])

  const busy = items.some(({ state }) => state.kind === 'waiting' || state.kind === 'running')
  useEffect(() => {
    if (!busy) return
    const stay = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', stay)
    return () => window.removeEventListener('beforeunload', stay)
  }, [busy])
  useEffect(
    () => () => {
      left.current = true
      queue.current = []
      running.current?.controller.abort(pause)
      if (!working.current) letGo(...names.current)
    },
    [letGo],
  )

  /** Takes contributions for this page and notes what is to be sealed, so that a reload can tell of it. */
  async function take(these: readonly Contribution[]) {
    for (const { name, order, file } of these) {
      if (!(await hold(name))) continue
      names.current.add(name)
      if (file && !(await findRecord(name))) await putRecord(newRecord(name, wallet.address, order))
    }
    void client.invalidateQueries({ queryKey: ['unfinished'] })
  }

  function run(these: readonly Contribution[]) {
    // What goes wrong here goes wrong again, and is told, when its turn comes.
    taken.current = taken.current.then(() => take(these)).catch(() => {})
    queue.current.push(...these)
    void work()
  }

  return {
    items,
    busy,
    start(these: readonly Contribution[]) {
      dispatch({ type: 'add', items: these.map((one) => ({ ...one, state: { kind: 'waiting' } })) })
      run(these)
    },
    cancel(name: string) {
      const now = running.current
      if (now?.name === name) {
        // What is being signed may be on chain already.
        if (now.phase !== 'registering') now.controller.abort()
        return
      }
      queue.current = queue.current.filter((entry) => entry.name !== name)
      dispatch({ type: 'state', name, state: { kind: 'cancelled' } })
      void taken.current.then(async () => {
        if (names.current.has(name)) await removeSpool(name)
        letGo(name)
      })
    },
    retry({ name, order, file }: Item) {
      dispatch({ type: 'state', name, state: { kind: 'waiting' } })
      run([{ name, order, file }])
    },
    clear() {
      dispatch({ type: 'clear' })
      letGo(...names.current)
    },
  }
}

function failure(error: unknown) {
  if (error instanceof ContributeError) return { code: error.code, message: error.message }
  return { code: 'UNKNOWN', message: error instanceof Error ? error.message : String(error) }
}
