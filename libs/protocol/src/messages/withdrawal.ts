import type { MessageDefinition } from './message.js'

/** The owner ends consent for good. No deadline, repeatable; before the registration it leaves a tombstone. */
export const withdrawal = {
  contract: 'datasetRegistry',
  fields: [
    { name: 'owner', type: 'address' },
    { name: 'content', type: 'bytes32' },
  ],
} as const satisfies MessageDefinition
