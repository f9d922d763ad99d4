import type { MessageDefinition } from './message.js'

/**
 * Custodians turn receipts into rewards. `number` follows the last one, `root` and `total` are cumulative, `document`
 * and `previousDocument` digests of settlement documents, `finals` the requests that are settled for good.
 */
export const settlement = {
  contract: 'rewardPool',
  fields: [
    { name: 'number', type: 'uint256' },
    { name: 'epoch', type: 'uint32' },
    { name: 'root', type: 'bytes32' },
    { name: 'total', type: 'uint256' },
    { name: 'document', type: 'bytes32' },
    { name: 'previousDocument', type: 'bytes32' },
    { name: 'spending', type: 'Spending[]' },
    { name: 'finals', type: 'bytes32[]' },
  ],
} as const satisfies MessageDefinition
