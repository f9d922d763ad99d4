import type { Deployment } from '../deployment.js'
import type { Address } from '../hex.js'
import type { TypedData } from './typed-data.js'

/** Whom an account's votes go to, until `expiry` (Unix seconds): OpenZeppelin's Votes. */
export interface DelegationTerms {
  delegatee: Address
  /** `nonces(account)` of GrainToken: a delegation is used up by it. */
  nonce: bigint
  expiry: bigint
}

export const DELEGATION_TYPES = {
  Delegation: [
    { name: 'delegatee', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiry', type: 'uint256' },
  ],
}

/** The typed data of a delegation of votes. Only a key can sign one: GrainToken recovers the account from it. */
export function delegationTypedData(terms: DelegationTerms, deployment: Deployment): TypedData {
  const { delegatee, nonce, expiry } = terms
  return {
    domain: {
      name: 'Granary',
      version: '1',
      chainId: deployment.chainId,
      verifyingContract: deployment.grainToken,
    },
    types: DELEGATION_TYPES,
    primaryType: 'Delegation',
    message: { delegatee, nonce, expiry },
  }
}
