import {
  type Deployment,
  delegationTypedData,
  MAX_SIGNATURE_BYTES,
  MESSAGES,
  type MessageName,
  messageTypes,
  PURPOSES,
  permitTypedData,
  SIGNATURE_CHECK_GAS,
} from '@granary/protocol'

/**
 * What a program in any language needs to sign Granary's messages without our libraries: EIP-712 domains, types, and the
 * bits of the purposes. Goes into the document as `x-granary`.
 */
export function signingFacts(deployment: Deployment): Record<string, unknown> {
  const { chainId } = deployment
  const messages = Object.entries(MESSAGES).map(([name, { contract }]) => [
    name,
    {
      domain: { name: 'Granary', version: '1', chainId, verifyingContract: deployment[contract] },
      primaryType: name,
      types: messageTypes(name as MessageName),
    },
  ])
  const zero = '0x0000000000000000000000000000000000000000'
  const permit = permitTypedData({
    chainId,
    token: deployment.token,
    tokenName: '(name() of the token)',
    owner: zero,
    spender: deployment.accessRequests,
    value: 0n,
    nonce: 0n,
    deadline: 0n,
  })
  const delegation = delegationTypedData({ delegatee: zero, nonce: 0n, expiry: 0n }, deployment)
  return {
    messages: Object.fromEntries(messages),
    permit: {
      domain: permit.domain,
      primaryType: 'Permit',
      types: permit.types,
      spender: deployment.accessRequests,
    },
    delegation: {
      domain: delegation.domain,
      primaryType: 'Delegation',
      types: delegation.types,
    },
    purposes: PURPOSES.map(({ name, bit, kind, title }) => ({ name, bit, kind, title })),
    signatures:
      'Of an account’s key: 65 bytes r, s, v, with v 27 or 28 and low s. Of a contract wallet: whatever its ' +
      `isValidSignature takes (ERC-1271) within ${SIGNATURE_CHECK_GAS} gas, at most ${MAX_SIGNATURE_BYTES} bytes.`,
    documents: 'A document’s digest is the SHA-256 of its RFC 8785 JSON as long as that is at most 1 MiB.',
  }
}
