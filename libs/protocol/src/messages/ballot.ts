import type { MessageDefinition } from './message.js'

/**
 * A vote, as OpenZeppelin's Governor defines it: `support` 0 against, 1 for, 2 abstain. Its nonce is always 0 here: an
 * account votes once a proposal, so a replay changes nothing.
 */
export const ballot = {
  contract: 'governor',
  fields: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const satisfies MessageDefinition
