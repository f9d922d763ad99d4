/** The reason of an abort that is not for good: what was done so far is left to a later run. */
export const PAUSE = 'PAUSE'
