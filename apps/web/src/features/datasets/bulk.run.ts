// Many changes of one kind, one signature each: they are signed one after the other and written on chain meanwhile.

/** One that did not go through, and why. */
export interface Failed<Item> {
  item: Item
  error: unknown
}

export interface RunState<Item> {
  phase: 'ready' | 'running' | 'stopped' | 'done'
  total: number
  /** Written on chain. */
  done: number
  /** Signed and on their way. */
  sent: number
  failed: Failed<Item>[]
  /** Why it stopped by itself; null when its person stopped it. */
  reason: unknown
}

/** So many may be on their way at once. */
const MOST_SENT = 8

/**
 * What ends nothing but a run: nobody signs, or nothing more is taken for now. The item that met it is tried again when
 * the run goes on.
 */
const STOPS = new Set([
  'WALLET_REJECTED',
  'WALLET_BUSY',
  'RELAY_ACCOUNT_LIMIT',
  'RELAY_TOTAL_LIMIT',
  'RELAY_UNAVAILABLE',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'SESSION_EXPIRED',
  'UNREACHABLE',
])

const codeOf = (error: unknown) => (error as { code?: string } | null)?.code ?? ''

/** `act` signs and sends one item, calls `sent`, and resolves when it is on chain; `left` more follow it. */
export function bulkRun<Item>(
  items: readonly Item[],
  act: (item: Item, sent: () => void, left: number) => Promise<unknown>,
  changed: (state: RunState<Item>) => void,
) {
  const queue = [...items]
  let state: RunState<Item> = {
    phase: 'ready',
    total: items.length,
    done: 0,
    sent: 0,
    failed: [],
    reason: null,
  }
  let waiting: (() => void) | null = null
  const set = (change: Partial<RunState<Item>>) => {
    state = { ...state, ...change }
    changed(state)
  }

  /** Resolves once the item is on its way, or has failed. */
  function begin(item: Item): Promise<void> {
    return new Promise((resolve) => {
      let isSent = false
      const sent = () => {
        if (isSent) return
        isSent = true
        set({ sent: state.sent + 1 })
        resolve()
      }
      act(item, sent, queue.length)
        .then(
          () => set({ done: state.done + 1, ...(isSent ? { sent: state.sent - 1 } : {}) }),
          (error) => {
            const onItsWay = isSent ? { sent: state.sent - 1 } : {}
            if (!isSent && STOPS.has(codeOf(error))) {
              queue.unshift(item)
              set({ phase: 'stopped', reason: error })
            } else set({ ...onItsWay, failed: [...state.failed, { item, error }] })
          },
        )
        .finally(() => {
          resolve()
          waiting?.()
          finish()
        })
    })
  }

  function finish(): void {
    if (queue.length > 0 || state.sent > 0 || state.phase !== 'running') return
    if (state.done + state.failed.length === state.total) set({ phase: 'done' })
  }

  async function go(): Promise<void> {
    if (state.phase === 'running' || state.phase === 'done') return
    set({ phase: 'running', reason: null })
    const goesOn = () => state.phase === 'running'
    while (goesOn()) {
      const item = queue.shift()
      if (item === undefined) break
      await begin(item)
      while (state.sent >= MOST_SENT)
        await new Promise<void>((resolve) => {
          waiting = resolve
        })
    }
    finish()
  }

  return {
    go,
    /** What is signed goes through; no more is asked for. */
    stop: () => state.phase === 'running' && set({ phase: 'stopped', reason: null }),
    /** Takes those that failed once more. */
    again() {
      queue.push(...state.failed.map(({ item }) => item))
      set({ failed: [], phase: 'stopped' })
      return go()
    },
  }
}
