import type { MessageDefinition } from './message.js'

/** The owner of a dataset in ask mode answers a request. A no is final. */
export const approval = {
  contract: 'accessRequests',
  fields: [
    { name: 'request', type: 'bytes32' },
    { name: 'dataset', type: 'bytes32' },
    { name: 'granted', type: 'bool' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
