const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Whether and when the network was told to stop: by Ctrl-C, `kill`, a closed terminal, or the end of its parent. */
export interface Interruption {
  readonly happened: boolean
  readonly promise: Promise<void>
  /** Stops listening, so that the process can end. */
  forget(): void
}

export function listenForInterruption(onFirst: () => void): Interruption {
  let happened = false
  let resolve: () => void
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  const interrupt = () => {
    if (!happened) onFirst()
    happened = true
    resolve()
  }
  for (const signal of STOP_SIGNALS) process.on(signal, interrupt)
  // A Node program that started us with a channel and is gone; without one this never fires.
  if (process.connected) process.on('disconnect', interrupt)
  return {
    get happened() {
      return happened
    },
    promise,
    forget() {
      for (const signal of STOP_SIGNALS) process.off(signal, interrupt)
      process.off('disconnect', interrupt)
      if (process.connected) process.disconnect()
    },
  }
}
