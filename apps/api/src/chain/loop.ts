import { setTimeout as wait } from 'node:timers/promises'

/** After failures. */
const LONGEST_PAUSE_MS = 10_000
const MOST_DOUBLINGS = 10

/**
 * Runs `step` again and again: at once when poked or when the step says there is more to do, else every `interval`
 * milliseconds; after failures later and later, but within 10 s, and not all replicas at the same moment. Never twice at a
 * time.
 */
export class Loop {
  private readonly stopping = new AbortController()
  private nudge = new AbortController()
  private running: Promise<void> | null = null
  private failures = 0

  constructor(
    private readonly interval: number,
    private readonly step: () => Promise<boolean>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.running ??= this.run()
  }

  poke(): void {
    this.nudge.abort()
  }

  /** Resolves when the step that is under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort()
    this.nudge.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const more = await this.attempt()
      if (more && this.failures === 0) continue
      await this.pause(pauseOf(this.interval, this.failures))
    }
  }

  private async attempt(): Promise<boolean> {
    try {
      const more = await this.step()
      this.failures = 0
      return more
    } catch (error) {
      this.failures += 1
      this.onError(error)
      return false
    }
  }

  private async pause(ms: number): Promise<void> {
    if (!this.nudge.signal.aborted) await wait(ms, undefined, { signal: this.nudge.signal }).catch(() => {})
    if (!this.stopping.signal.aborted) this.nudge = new AbortController()
  }
}

/** Milliseconds until the next step after so many failures in a row. */
export function pauseOf(interval: number, failures: number): number {
  if (failures === 0) return interval
  const longest = Math.min(interval * 2 ** Math.min(failures, MOST_DOUBLINGS), LONGEST_PAUSE_MS)
  return longest * (0.5 + Math.random() / 2)
}
