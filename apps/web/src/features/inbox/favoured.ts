// The trainers whose requests an owner wants to be first, with a yes by one click. Kept in this browser alone: on chain
// there is no standing yes, so each request still needs a signature of its own.
import { useSyncExternalStore } from 'react'

const keyOf = (owner: string) => `granary.inbox.always.${owner.toLowerCase()}`
const listeners = new Set<() => void>()

const read = (owner: string) => localStorage.getItem(keyOf(owner)) ?? ''

function write(owner: string, trainers: string[]): void {
  localStorage.setItem(keyOf(owner), trainers.join(' '))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export interface Favoured {
  has(trainer: string): boolean
  add(trainer: string): void
  remove(trainer: string): void
}

export function useFavoured(owner: string): Favoured {
  const kept = useSyncExternalStore(subscribe, () => read(owner))
  const all = kept.split(' ').filter(Boolean)
  const same = (trainer: string) => (other: string) => other.toLowerCase() === trainer.toLowerCase()
  return {
    has: (trainer) => all.some(same(trainer)),
    add: (trainer) => write(owner, [...all.filter((each) => !same(trainer)(each)), trainer]),
    remove: (trainer) =>
      write(
        owner,
        all.filter((each) => !same(trainer)(each)),
      ),
  }
}
