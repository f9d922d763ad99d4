import type { MessageDefinition } from './message.js'

/**
 * The trainer asks for the datasets of a manifest and escrows their price. Its struct hash is the request's id, so equal
 * requests differ by `salt`. `maxTotalPrice` is for all datasets together, `expires` ends the releases.
 */
export const accessRequest = {
  contract: 'accessRequests',
  fields: [
    { name: 'trainer', type: 'address' },
    { name: 'pool', type: 'uint16' },
    { name: 'purposes', type: 'uint32' },
    { name: 'manifestRoot', type: 'bytes32' },
    { name: 'manifestDocument', type: 'bytes32' },
    { name: 'count', type: 'uint32' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'maxTotalPrice', type: 'uint256' },
    { name: 'expires', type: 'uint40' },
    { name: 'salt', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
