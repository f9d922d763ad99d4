import type { MessageDefinition } from './message.js'

/** The trainer orders the release of datasets of its request; `datasets` is their datasets root. */
export const releaseOrder = {
  contract: 'accessRequests',
  fields: [
    { name: 'request', type: 'bytes32' },
    { name: 'datasets', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
