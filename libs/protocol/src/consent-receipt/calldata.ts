import { Interface, type Result } from 'ethers'
import { datasetRegistryAbi } from '../abi/index.js'
import type { Hex } from '../hex.js'
import { datasetId } from '../ids.js'
import { type MessageJson, messageJsonSchema } from '../messages/index.js'

/** A signed message about consent, as the registry was given it. */
export type ConsentMessage = {
  [N in 'Contribution' | 'ConsentUpdate' | 'Withdrawal']: {
    type: N
    message: MessageJson<N>
    signature: Hex
  }
}['Contribution' | 'ConsentUpdate' | 'Withdrawal']

const METHODS: Record<string, ConsentMessage['type']> = {
  contribute: 'Contribution',
  updateConsent: 'ConsentUpdate',
  withdraw: 'Withdrawal',
}

let registry: Interface | undefined

/**
 * The messages in the calldata of a call of the registry, in their order; those that it skipped, too. None of anything
 * else.
 */
export function consentMessagesIn(calldata: string): ConsentMessage[] {
  registry ??= new Interface(datasetRegistryAbi)
  try {
    const call = registry.parseTransaction({ data: calldata })
    const type = METHODS[call?.name ?? '']
    if (!call || !type) return []
    const [items, signatures] = call.args as unknown as [Result[], Hex[]]
    return items.map((item, place) => ({
      type,
      message: messageJsonSchema(type).parse(plain(item)),
      signature: signatures[place] ?? '0x',
    })) as ConsentMessage[]
  } catch {
    return []
  }
}

/** The dataset that a message is about. */
export function datasetOfConsent({ type, message }: ConsentMessage): Hex {
  return type === 'ConsentUpdate'
    ? (message.dataset as Hex)
    : datasetId(message.owner as Hex, message.content as Hex)
}

/**
 * Whether a message is the one that made the registry say `said` (an event's arguments by name): whatever both name is
 * alike.
 */
export function isConsentOf(
  message: ConsentMessage,
  dataset: string,
  said: Record<string, unknown>,
): boolean {
  if (datasetOfConsent(message) !== dataset) return false
  const alike = (value: unknown) => String(value).toLowerCase()
  return Object.entries(message.message).every(
    ([name, value]) => said[name] === undefined || alike(said[name]) === alike(value),
  )
}

function plain(item: Result): Record<string, unknown> {
  const members = Object.entries(item.toObject()).map(([name, value]) => [name, value] as const)
  return Object.fromEntries(
    members.map(([name, value]) => [
      name,
      typeof value === 'bigint' ? (name === 'deadline' ? value.toString() : Number(value)) : value,
    ]),
  )
}
