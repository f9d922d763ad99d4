import { TypedDataEncoder } from 'ethers'
import { GranaryError } from '../errors.js'
import type { Address, Hex } from '../hex.js'
import { MESSAGES, type MessageName, type MessageOf } from './catalogue.js'
import { type Field, SPENDING_FIELDS } from './message.js'

/** Where a message holds. */
export interface MessageDomain {
  chainId: number | bigint
  verifyingContract: Address
}

/** The EIP-712 types of a message, without EIP712Domain. */
export function messageTypes(name: MessageName): Record<string, Field[]> {
  const fields: readonly Field[] = definition(name).fields
  const nested = fields.some((field) => field.type === 'Spending[]')
  return { [name]: [...fields], ...(nested ? { Spending: [...SPENDING_FIELDS] } : {}) }
}

/** The type string whose hash begins the struct hash, as the contracts spell it. */
export function typeString(name: MessageName): string {
  return TypedDataEncoder.from(messageTypes(name)).encodeType(name)
}

/**
 * The EIP-712 struct hash, without domain. The one of an AccessRequest is the request's id.
 *
 * @throws GranaryError MESSAGE_INVALID when a field is missing or out of range
 */
export function structHash<N extends MessageName>(name: N, message: MessageOf<N>): Hex {
  return encoding(name, () => TypedDataEncoder.hashStruct(name, messageTypes(name), message) as Hex)
}

/**
 * The digest that is signed.
 *
 * @throws GranaryError MESSAGE_INVALID when a field is missing or out of range
 */
export function messageDigest<N extends MessageName>(
  name: N,
  message: MessageOf<N>,
  domain: MessageDomain,
): Hex {
  return encoding(
    name,
    () => TypedDataEncoder.hash(messageDomain(domain), messageTypes(name), message) as Hex,
  )
}

/** The EIP-712 domain of Granary's contracts. */
export function messageDomain({ chainId, verifyingContract }: MessageDomain) {
  return { name: 'Granary', version: '1', chainId, verifyingContract }
}

/** @throws GranaryError MESSAGE_UNKNOWN */
export function definition(name: MessageName) {
  if (!Object.hasOwn(MESSAGES, name)) throw new GranaryError('MESSAGE_UNKNOWN', { name })
  return MESSAGES[name]
}

function encoding<T>(name: MessageName, encode: () => T): T {
  try {
    return encode()
  } catch (cause) {
    if (cause instanceof GranaryError) throw cause
    const reason = cause instanceof Error ? cause.message.split(' (')[0] : 'unknown'
    throw new GranaryError('MESSAGE_INVALID', `the ${name} is not well formed: ${reason}`, { cause })
  }
}
