import { getAddress } from 'ethers'
import type { ContractName, Deployment } from '../deployment.js'
import { GranaryError } from '../errors.js'
import type { Address } from '../hex.js'
import { MESSAGES, type MessageName } from '../messages/catalogue.js'
import { DELEGATION_TYPES } from '../messages/delegation.js'
import { messageTypes } from '../messages/hash.js'
import type { Field } from '../messages/message.js'
import { permitTypedData } from '../messages/permit.js'
import { messageSchema, messageToJson } from '../messages/schema.js'
import { bitsToPurposes, type PurposeName } from '../purposes.js'
import {
  type CannotCode,
  type FactFormat,
  isStandard,
  type SignedName,
  STANDARD_CONTRACTS,
  type StandardName,
  wordsOf,
} from './words.js'

/** One field of a message as it is to be shown. */
export interface Fact {
  name: string
  format: FactFormat
  /** As the message has it: numbers as decimal strings, hex and text as they are, lists as lists. */
  value: FactValue
  detail: boolean
}
export type FactValue = string | boolean | FactValue[] | { [name: string]: FactValue }

/** What is about to be signed, in names and codes; words for them are the page's. */
export interface MessageDescription {
  name: SignedName
  contract: ContractName | 'token'
  chainId: number
  verifyingContract: Address
  facts: Fact[]
  cannot: readonly CannotCode[]
}

interface Domain {
  name?: string | null | undefined
  version?: string | null | undefined
  chainId?: unknown
  verifyingContract?: string | null | undefined
  salt?: unknown
}

type Types = Record<string, readonly { name: string; type: string }[]>

const PERMIT_TYPES = permitTypedData({
  chainId: 0,
  token: '0x',
  tokenName: '',
  owner: '0x',
  spender: '0x',
  value: 0n,
  nonce: 0n,
  deadline: 0n,
}).types
const STANDARD_TYPES: Record<StandardName, Types> = { Permit: PERMIT_TYPES, Delegation: DELEGATION_TYPES }

/**
 * Describes typed data (as ethers signs it) from itself alone. Every field is in `facts`, none is left out. Only messages of
 * the protocol for the contracts of `deployment` are described, to the last field of their type, and permits that let a
 * request be paid; nothing else ought to be signed in Granary's name.
 *
 * @throws GranaryError MESSAGE_UNKNOWN for another type, NETWORK_MISMATCH for another chain or contract, MESSAGE_INVALID
 *   for values that are not those of the type
 */
export function describeMessage(
  domain: Domain,
  types: Types,
  value: Record<string, unknown>,
  deployment: Deployment,
): MessageDescription {
  const name = nameOf(types)
  const contract = contractOf(name)
  checkDomain(domain, name, deployment)
  const said = isStandard(name) ? standardValues(name, value, deployment) : messageValues(name, value)
  const { fields, cannot } = wordsOf(name)
  const facts = Object.entries(said).map(([field, given]): Fact => {
    const words = fields[field]
    if (!words) throw new GranaryError('MESSAGE_INVALID', `${field} is no field of a ${name}`)
    return { name: field, format: words.format, value: plain(given), detail: words.detail === true }
  })
  const final = name === 'Approval' && said.granted === false
  return {
    name,
    contract,
    chainId: deployment.chainId,
    verifyingContract: deployment[contract],
    facts,
    cannot: final ? ['be-undone', ...cannot] : cannot,
  }
}

/** The names of the purposes in a fact. */
export function purposesOfFact({ value }: Fact): PurposeName[] {
  return bitsToPurposes(Number(value))
}

/** What tells one dataset from another in the messages that are signed for many at once. */
const OF_ONE_DATASET: Partial<Record<MessageDescription['name'], ReadonlySet<string>>> = {
  Contribution: new Set(['content', 'metadata', 'deadline', 'flags']),
  ConsentUpdate: new Set(['dataset', 'issued', 'deadline']),
  Withdrawal: new Set(['content']),
}

/**
 * Whether two descriptions differ by the dataset alone: contributions, changes of consent or withdrawals on the same
 * terms. Who has read one need not read the others again.
 */
export function isLike(a: MessageDescription, b: MessageDescription): boolean {
  const ofOne = OF_ONE_DATASET[a.name]
  if (!ofOne || a.name !== b.name) return false
  if (a.chainId !== b.chainId || a.verifyingContract !== b.verifyingContract) return false
  const terms = ({ facts }: MessageDescription) =>
    JSON.stringify(facts.filter(({ name }) => !ofOne.has(name)))
  // Whether its root is raw follows from the file's length; that one is asked does not.
  const asks = ({ facts }: MessageDescription) =>
    Number(facts.find(({ name }) => name === 'flags')?.value ?? 0) % 2
  return terms(a) === terms(b) && asks(a) === asks(b)
}

function nameOf(types: Types): SignedName {
  const candidates = [...Object.keys(MESSAGES), ...Object.keys(STANDARD_TYPES)] as SignedName[]
  const found = candidates.find((name) => Object.hasOwn(types, name) && sameTypes(types, typesOf(name)))
  if (!found) throw new GranaryError('MESSAGE_UNKNOWN', { types: Object.keys(types).join(', ') })
  return found
}

const typesOf = (name: SignedName): Types => (isStandard(name) ? STANDARD_TYPES[name] : messageTypes(name))

const contractOf = (name: SignedName): ContractName | 'token' =>
  isStandard(name) ? STANDARD_CONTRACTS[name] : MESSAGES[name].contract

function sameTypes(a: Types, b: Types): boolean {
  const text = (types: Types) =>
    Object.keys(types)
      .sort()
      .map((name) => [name, (types[name] as Field[]).map((field) => `${field.type} ${field.name}`)])
  return JSON.stringify(text(a)) === JSON.stringify(text(b))
}

function checkDomain(domain: Domain, name: SignedName, deployment: Deployment): void {
  const contract = deployment[contractOf(name)]
  const ours = name === 'Permit' || (domain.name === 'Granary' && domain.version === '1')
  if (!ours || domain.salt != null) throw new GranaryError('MESSAGE_UNKNOWN', { domain: domain.name })
  let target: string | null = null
  try {
    target = getAddress(String(domain.verifyingContract))
  } catch {
    // no address: not ours either
  }
  if (Number(domain.chainId) !== deployment.chainId || target !== contract)
    throw new GranaryError('NETWORK_MISMATCH', { chainId: Number(domain.chainId), contract: target })
}

function messageValues(name: MessageName, value: Record<string, unknown>): Record<string, unknown> {
  const parsed = messageSchema(name).safeParse(
    Object.fromEntries(Object.entries(value).map(([field, given]) => [field, plainBig(given)])) as never,
  )
  if (!parsed.success)
    throw new GranaryError(
      'MESSAGE_INVALID',
      `the ${name} is not well formed: ${parsed.error.issues[0]?.message}`,
    )
  return messageToJson(name, parsed.data) as Record<string, unknown>
}

function standardValues(
  name: StandardName,
  value: Record<string, unknown>,
  deployment: Deployment,
): Record<string, unknown> {
  const names = STANDARD_TYPES[name][name]!.map((field) => field.name)
  const wellFormed =
    Object.keys(value).length === names.length && names.every((field) => value[field] !== undefined)
  if (!wellFormed) throw new GranaryError('MESSAGE_INVALID', `the ${name} is not well formed`)
  // The only permit that Granary ever needs: what a request costs, to the contract that keeps the escrow.
  if (name === 'Permit' && String(value.spender).toLowerCase() !== deployment.accessRequests.toLowerCase())
    throw new GranaryError('MESSAGE_UNKNOWN', { spender: String(value.spender) })
  return Object.fromEntries(names.map((field) => [field, plainBig(value[field])]))
}

const plainBig = (value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(plainBig)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plainBig(part)]))
  return value
}

function plain(value: unknown): FactValue {
  if (typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]))
  return String(value)
}
