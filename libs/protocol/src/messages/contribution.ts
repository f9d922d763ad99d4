import type { MessageDefinition } from './message.js'

/**
 * The owner adds a dataset to a pool. `content` is the digest in the sealed file's CID, `metadata` that of the metadata
 * document, `expires` 0 = until withdrawn, `flags` ask and raw root only.
 */
export const contribution = {
  contract: 'datasetRegistry',
  fields: [
    { name: 'owner', type: 'address' },
    { name: 'content', type: 'bytes32' },
    { name: 'metadata', type: 'bytes32' },
    { name: 'pool', type: 'uint16' },
    { name: 'purposes', type: 'uint32' },
    { name: 'expires', type: 'uint40' },
    { name: 'flags', type: 'uint8' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
