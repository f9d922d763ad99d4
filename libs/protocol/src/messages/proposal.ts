import type { MessageDefinition } from './message.js'

/** A member proposes calls that the Timelock makes once they have passed; one value and one calldata for each target. */
export const proposal = {
  contract: 'governor',
  fields: [
    { name: 'proposer', type: 'address' },
    { name: 'targets', type: 'address[]' },
    { name: 'values', type: 'uint256[]' },
    { name: 'calldatas', type: 'bytes[]' },
    { name: 'description', type: 'string' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
