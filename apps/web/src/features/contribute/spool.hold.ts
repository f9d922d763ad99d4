// Of all tabs only one works on a contribution. A lock ends with its tab, however that ends.

const LOCK = 'granary-spool'
const held = new Map<string, () => void>()

/** Whether this page holds the contribution. */
export const holds = (name: string) => held.has(name)

/** Takes the contribution for this page until `release`; false when another tab has it. */
export function hold(name: string): Promise<boolean> {
  return alone(() => take(name))
}

function take(name: string): Promise<boolean> {
  if (held.has(name)) return Promise.resolve(true)
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`${LOCK}/${name}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null)
        return lock && new Promise<void>((end) => held.set(name, end))
      })
      .catch(reject)
  })
}

export function release(name: string): void {
  held.get(name)?.()
  held.delete(name)
}

/**
 * Runs `work` with the contribution if no tab holds it; undefined when one does. Within `alone`: a short look must not
 * be taken for somebody's work.
 */
export function ifFree<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  return navigator.locks.request(`${LOCK}/${name}`, { ifAvailable: true }, async (lock) =>
    lock ? work() : undefined,
  )
}

/** Runs `work` while no other tab takes or looks at any. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(LOCK, work)
}
