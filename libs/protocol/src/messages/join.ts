import type { MessageDefinition } from './message.js'

/** An account takes the votes that it has earned and delegates them to itself. */
export const join = {
  contract: 'grainToken',
  fields: [
    { name: 'account', type: 'address' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
