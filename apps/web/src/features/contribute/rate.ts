/** Milliseconds over which a speed is smoothed: long enough not to flicker, short enough to follow the network. */
const MEMORY = 8_000

/** How fast something grows, by what was seen lately. */
export class Rate {
  private at: number | null = null
  private last = 0
  private smoothed: number | null = null

  /** Told how far it is now; going back begins anew. */
  see(done: number, now = Date.now()): void {
    if (this.at === null || done < this.last) {
      this.smoothed = null
      this.at = now
      this.last = done
      return
    }
    const passed = now - this.at
    if (passed < 200) return
    const speed = ((done - this.last) / passed) * 1000
    const weight = 1 - Math.exp(-passed / MEMORY)
    this.smoothed = this.smoothed === null ? speed : this.smoothed + (speed - this.smoothed) * weight
    this.at = now
    this.last = done
  }

  rest(): void {
    this.at = null
    this.smoothed = null
  }

  /** Per second; null while nothing can be said. */
  get perSecond(): number | null {
    return this.smoothed
  }
}

/** Whole seconds until so much more is done at a speed; null when that cannot be said. */
export function secondsLeft(more: number, perSecond: number | null): number | null {
  if (perSecond === null || perSecond <= 0) return null
  const seconds = Math.ceil(more / perSecond)
  return seconds < 864_000 ? seconds : null
}
