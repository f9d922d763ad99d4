// What a signed message is made of, and the types that follow from its fields.
import type { ContractName } from '../deployment.js'
import type { Address, Hex } from '../hex.js'

/** The Solidity types that messages use. */
export type FieldType =
  | 'address'
  | 'bool'
  | 'bytes32'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint40'
  | 'uint256'
  | 'bytes32[]'
  | 'address[]'
  | 'uint256[]'
  | 'bytes[]'
  | 'string'
  | 'Spending[]'

export interface Field {
  readonly name: string
  readonly type: FieldType
}

/** One signed message: the contract of its domain, and the struct with the fields in the order that is hashed. */
export interface MessageDefinition {
  readonly contract: ContractName
  readonly fields: readonly Field[]
}

/** What the settlement takes from one request: `amount` in the token's smallest unit. */
export interface Spending {
  request: Hex
  amount: bigint
}

/** The fields of `Spending`, the only struct inside another. */
export const SPENDING_FIELDS = [
  { name: 'request', type: 'bytes32' },
  { name: 'amount', type: 'uint256' },
] as const satisfies readonly Field[]

interface Values {
  address: Address
  bool: boolean
  bytes32: Hex
  uint8: number
  uint16: number
  uint32: number
  uint40: number
  uint256: bigint
  'bytes32[]': Hex[]
  'address[]': Address[]
  'uint256[]': bigint[]
  'bytes[]': Hex[]
  string: string
  'Spending[]': Spending[]
}

interface WireValues {
  address: string
  bool: boolean
  bytes32: string
  uint8: number
  uint16: number
  uint32: number
  uint40: number
  uint256: string
  'bytes32[]': string[]
  'address[]': string[]
  'uint256[]': string[]
  'bytes[]': string[]
  string: string
  'Spending[]': { request: string; amount: string }[]
}

type Flat<T> = { [K in keyof T]: T[K] }

/** The message as a program holds it: uint256 as bigint, smaller integers as number, times in Unix seconds. */
export type MessageValue<D extends MessageDefinition> = Flat<{
  [F in D['fields'][number] as F['name']]: Values[F['type']]
}>

/** The message as JSON: uint256 as decimal string, all else as in the program. */
export type MessageWire<D extends MessageDefinition> = Flat<{
  [F in D['fields'][number] as F['name']]: WireValues[F['type']]
}>
