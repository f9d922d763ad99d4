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

/**
 * Lets `done` of `total` through at once when the last one is `PACE` ago, when it is the end, and when it is of something
 * else. Whatever comes in between waits for its turn, the newest alone: what then stands still is told as it stands.
 */
export function paced<Key>(tell: (key: Key, done: number, total: number | null) => void): typeof tell {
  let last: { key: Key; at: number } | null = null
  let waiting: ReturnType<typeof setTimeout> | undefined
  return (key, done, total) => {
    clearTimeout(waiting)
    const say = () => {
      last = { key, at: performance.now() }
      tell(key, done, total)
    }
    const isNews = last === null || last.key !== key || done === total
    const rest = isNews ? 0 : PACE - (performance.now() - last!.at)
    if (rest <= 0) say()
    else waiting = setTimeout(say, rest)
  }
}
