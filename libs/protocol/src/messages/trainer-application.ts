import type { MessageDefinition } from './message.js'

/** Somebody applies as a trainer; `profile` is the digest of the profile document. */
export const trainerApplication = {
  contract: 'trainerRegistry',
  fields: [
    { name: 'trainer', type: 'address' },
    { name: 'profile', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
