import type { Heard, Said } from './work.js'

/** Does the one order that the page has for this worker. */
export function serve<Order, Step, Result>(
  work: (order: Order, tell: (step: Step) => void, signal: AbortSignal) => Promise<Result>,
): void {
  const controller = new AbortController()
  const say = (heard: Heard<Step, Result>) => self.postMessage(heard)
  self.onmessage = ({ data }: MessageEvent<Said<Order>>) => {
    if ('stop' in data) return controller.abort(new DOMException('stopped', 'AbortError'))
    work(data.order, (step) => say({ step }), controller.signal).then(
      (done) => say({ done }),
      (error: unknown) => say({ failed: described(error) }),
    )
  }
}

function described(error: unknown): { name: string; code?: string; message: string } {
  const { name = 'Error', code, message } = error as { name?: string; code?: unknown; message?: string }
  return { name, ...(typeof code === 'string' ? { code } : {}), message: message ?? String(error) }
}

/** How often a worker tells how far it is, in milliseconds. */
const PACE = 80

/** Lets `done` of `total` through when the last one is `PACE` ago, when it is the end, and when it is of something else. */
export function paced<Key>(tell: (key: Key, done: number, total: number | null) => void): typeof tell {
  let last: { key: Key; at: number } | null = null
  return (key, done, total) => {
    const now = performance.now()
    if (last !== null && last.key === key && now - last.at < PACE && done !== total) return
    last = { key, at: now }
    tell(key, done, total)
  }
}
