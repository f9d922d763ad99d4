import type { MessageDefinition } from './message.js'

/**
 * The owner changes what a dataset may be used for. Applies only if `issued` (Unix seconds, when it was signed) is newer
 * than the last change's and not in the future. Cannot undo a withdrawal.
 */
export const consentUpdate = {
  contract: 'datasetRegistry',
  fields: [
    { name: 'dataset', type: 'bytes32' },
    { name: 'purposes', type: 'uint32' },
    { name: 'expires', type: 'uint40' },
    { name: 'ask', type: 'bool' },
    { name: 'issued', type: 'uint40' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
