/**
 * Does `work` with a signal that aborts after `ms` milliseconds (with a TimeoutError, as `AbortSignal.timeout` does), or
 * when one of `others` does, for its reason. Nothing of it is left once `work` has ended. For what runs long, in place of
 * `AbortSignal.timeout`, which may keep what was called until it is due, and of `AbortSignal.any` with it: before version
 * 24 Node's collector may take the timeout away, and whoever waits for it waits for ever.
 */
export async function inTime<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  ...others: AbortSignal[]
): Promise<T> {
  const controller = new AbortController()
  const late = () => controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'))
  const timer = setTimeout(late, ms)
  const stops = others.map((signal) => {
    const stop = () => controller.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    return () => signal.removeEventListener('abort', stop)
  })
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
