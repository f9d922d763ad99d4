// What a file holds, learnt on this machine. Loads its readers of formats with it: import it where it is needed only.
export { type Bytes, blobBytes } from './bytes.js'
export { describe } from './describe.js'
export type { Description } from './description.js'
export { DESCRIBE_LIMITS, type DescribeLimits } from './limits.js'
