import type { MessageDefinition } from './message.js'

/** A custodian signs what it handed over: `answer` is keccak256 of the sealed answer's bytes. */
export const delivery = {
  contract: 'accessRequests',
  fields: [
    { name: 'request', type: 'bytes32' },
    { name: 'epoch', type: 'uint32' },
    { name: 'answer', type: 'bytes32' },
  ],
} as const satisfies MessageDefinition
