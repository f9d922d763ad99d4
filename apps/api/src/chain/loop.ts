import { setTimeout as wait } from 'node:timers/promises'

const LONGEST_PAUSE_MS = 10_000

/**
 * Runs `step` again and again: at once when poked or when the step says there is more to do, else every `interval`
 * milliseconds, later after failures (up to 10 s, and not all replicas at the same moment). Never twice at a time.
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
      const pause = Math.min(this.interval * 2 ** Math.min(this.failures, 10), LONGEST_PAUSE_MS)
      await this.pause(this.failures === 0 ? pause : pause * (0.5 + Math.random() / 2))
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
