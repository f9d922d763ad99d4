/** Samples kept; older ones are thinned out. */
const MOST = 1_000

/**
 * How old the tables are: the time since the chain was last seen at a height that they have. A chain that stands still
 * makes nothing old, and it does not matter how fast its blocks come.
 */
export class FeedAge {
  private samples: { height: number; at: number }[] = []

  /** @param at milliseconds */
  saw(height: number, at: number): void {
    const last = this.samples.at(-1)
    // A chain that went back: what was seen above does not exist any more.
    if (last && height < last.height) this.samples = []
    this.samples.push({ height, at })
    if (this.samples.length > MOST) this.samples = this.samples.filter((_, place) => place % 2 === 1)
  }

  /** Milliseconds; 0 before anything was seen, the whole time of watching where no height was reached. */
  of(indexed: number, now: number): number {
    const reached = this.samples.findLast(({ height }) => height <= indexed)
    return now - (reached?.at ?? this.samples[0]?.at ?? now)
  }
}
