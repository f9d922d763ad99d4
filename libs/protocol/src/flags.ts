/** The bits of a dataset's `flags`. A contribution may set `ask` and `rawRoot`; `withdrawn` is the contract's. */
export const FLAGS = { ask: 1, rawRoot: 2, withdrawn: 4 } as const

/** `flags` in words. Bits that are not defined are ignored. */
export function readFlags(flags: number): { ask: boolean; rawRoot: boolean; withdrawn: boolean } {
  return {
    ask: (flags & FLAGS.ask) !== 0,
    rawRoot: (flags & FLAGS.rawRoot) !== 0,
    withdrawn: (flags & FLAGS.withdrawn) !== 0,
  }
}

/** The `flags` of a contribution. */
export function contributionFlags(mode: { ask: boolean; rawRoot: boolean }): number {
  return (mode.ask ? FLAGS.ask : 0) | (mode.rawRoot ? FLAGS.rawRoot : 0)
}
