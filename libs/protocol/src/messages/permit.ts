import type { Address } from '../hex.js'
import type { TypedData } from './typed-data.js'

/** What an ERC-2612 permit grants: `value` of `token` to `spender`, until `deadline` (Unix seconds). */
export interface PermitTerms {
  chainId: number | bigint
  token: Address
  /** The token's EIP-712 name and version. */
  tokenName: string
  tokenVersion?: string
  owner: Address
  spender: Address
  value: bigint
  /** `nonces(owner)` of the token: a permit is used up by it. */
  nonce: bigint
  deadline: bigint
}

/** The typed data of an ERC-2612 permit, so that a request needs no transaction of the trainer's. */
export function permitTypedData(terms: PermitTerms): TypedData {
  const { chainId, token, tokenName, tokenVersion = '1', owner, spender, value, nonce, deadline } = terms
  return {
    domain: { name: tokenName, version: tokenVersion, chainId, verifyingContract: token },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: { owner, spender, value, nonce, deadline },
  }
}
