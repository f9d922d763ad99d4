// What the frame shows of contributions on every page. Small: the frame is there before anything of theirs is loaded.
import { useSyncExternalStore } from 'react'
import type { Totals } from './contributions.state.js'

let current: Totals | null = null
const listeners = new Set<() => void>()

/** null = there is nothing to show. */
export function showUnderWay(totals: Totals | null): void {
  current = totals
  for (const listener of listeners) listener()
}

export function useUnderWay(): Totals | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}
