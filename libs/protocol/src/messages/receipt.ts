import type { MessageDefinition } from './message.js'

/**
 * A custodian states that datasets passed its checks. `order` is the digest of the ReleaseOrder, `datasets` the root of
 * those that passed, `time` in Unix seconds.
 */
export const receipt = {
  contract: 'accessRequests',
  fields: [
    { name: 'request', type: 'bytes32' },
    { name: 'epoch', type: 'uint32' },
    { name: 'order', type: 'bytes32' },
    { name: 'datasets', type: 'bytes32' },
    { name: 'time', type: 'uint40' },
  ],
} as const satisfies MessageDefinition
