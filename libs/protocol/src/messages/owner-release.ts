import type { MessageDefinition } from './message.js'

/** The owner asks custodians for the keys of own datasets, sealed to `recipient` (32 bytes of an X25519 key). */
export const ownerRelease = {
  contract: 'datasetRegistry',
  fields: [
    { name: 'owner', type: 'address' },
    { name: 'datasets', type: 'bytes32' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
