// Work away from the page: one order, what is told meanwhile, and how it ended. The page's half; work.worker.ts is the
// other one.

/** What the page says to a worker. */
export type Said<Order> = { order: Order } | { stop: true }
/** What a worker says to the page. `name` and `code` are the error's own. */
export type Heard<Step, Result> =
  | { step: Step }
  | { done: Result }
  | { failed: { name: string; code?: string; message: string } }

/**
 * Has a worker of its own do one order. Aborting asks it to stop and waits until it has put away what it holds.
 * @throws the signal's reason, and what the work threw, with name, code and message
 */
export function inWorker<Order, Step, Result>(
  start: () => Worker,
  order: Order,
  { onStep, signal }: { onStep: (step: Step) => void; signal: AbortSignal },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = start()
    const say = (said: Said<Order>) => worker.postMessage(said)
    const stop = () => say({ stop: true })
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop)
      worker.terminate()
      settle()
    }
    signal.addEventListener('abort', stop, { once: true })
    worker.onmessage = ({ data }: MessageEvent<Heard<Step, Result>>) => {
      if ('step' in data) return onStep(data.step)
      if ('done' in data) return end(() => resolve(data.done))
      const { message, ...about } = data.failed
      end(() => reject(signal.aborted ? signal.reason : Object.assign(new Error(message), about)))
    }
    worker.onerror = (event) =>
      end(() => reject(Object.assign(new Error(event.message), { code: 'INTERNAL' })))
    say({ order })
  })
}
