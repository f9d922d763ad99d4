import { TypedDataEncoder } from 'ethers'
import type { Deployment } from '../deployment.js'
import type { MessageName, MessageOf } from './catalogue.js'
import { definition, messageDomain, messageTypes } from './hash.js'

/** What a wallet signs, as ethers takes it (`signTypedData(domain, types, message)`). */
export interface TypedData<M = object> {
  domain: { name: string; version: string; chainId: number | bigint; verifyingContract: string }
  types: Record<string, { name: string; type: string }[]>
  primaryType: string
  message: M
}

/** The typed data of a message on the deployment whose contract reads it. */
export function typedData<N extends MessageName>(
  name: N,
  message: MessageOf<N>,
  deployment: Deployment,
): TypedData<MessageOf<N>> {
  const verifyingContract = deployment[definition(name).contract]
  return {
    domain: messageDomain({ chainId: deployment.chainId, verifyingContract }),
    types: messageTypes(name),
    primaryType: name,
    message,
  }
}

/** The same as JSON for `eth_signTypedData_v4`: with EIP712Domain, numbers as decimal strings, the chain id as hex. */
export function jsonTypedData(data: TypedData): Record<string, unknown> {
  return TypedDataEncoder.getPayload(data.domain, data.types, data.message as Record<string, unknown>)
}
