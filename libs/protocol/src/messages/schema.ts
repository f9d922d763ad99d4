import { z } from 'zod'
import { MAX_PROPOSAL_CALLS, MAX_PROPOSAL_TEXT } from '../limits.js'
import { addressSchema, amountSchema, bytes32Schema, bytesSchema } from '../scalars.js'
import type { MessageJson, MessageName, MessageOf } from './catalogue.js'
import { definition } from './hash.js'
import type { FieldType } from './message.js'

const uint256Schema = amountSchema.transform((text) => BigInt(text))

const uint = (bits: number) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1)

const FIELD_SCHEMAS = {
  address: addressSchema,
  bool: z.boolean(),
  bytes32: bytes32Schema,
  uint8: uint(8),
  uint16: uint(16),
  uint32: uint(32),
  uint40: uint(40),
  uint256: uint256Schema,
  'bytes32[]': z.array(bytes32Schema),
  'address[]': z.array(addressSchema).max(MAX_PROPOSAL_CALLS),
  'uint256[]': z.array(uint256Schema).max(MAX_PROPOSAL_CALLS),
  'bytes[]': z.array(bytesSchema).max(MAX_PROPOSAL_CALLS),
  string: z.string().max(MAX_PROPOSAL_TEXT),
  'Spending[]': z.array(z.strictObject({ request: bytes32Schema, amount: uint256Schema })),
} satisfies Record<FieldType, z.ZodType>

const schemas = new Map<MessageName, z.ZodType>()

/**
 * The zod schema that reads a message's JSON: exactly its fields, uint256 as decimal strings, everything in range.
 * Says nothing about signature, deadline or purposes.
 */
export function messageSchema<N extends MessageName>(name: N): z.ZodType<MessageOf<N>, MessageJson<N>> {
  let schema = schemas.get(name)
  if (schema === undefined) {
    const shape = definition(name).fields.map((field) => [field.name, FIELD_SCHEMAS[field.type]] as const)
    schema = z.strictObject(Object.fromEntries(shape))
    schemas.set(name, schema)
  }
  return schema as z.ZodType<MessageOf<N>, MessageJson<N>>
}

/** A message's JSON as it is, checked: for answers. Messages of plain fields only. */
export function messageJsonSchema<N extends MessageName>(name: N): z.ZodType<MessageJson<N>> {
  const shape = definition(name).fields.map(({ name: field, type }) => {
    if (type.endsWith('[]')) throw new TypeError(`${name} has lists`)
    return [field, type === 'uint256' ? amountSchema : FIELD_SCHEMAS[type]] as const
  })
  return z.strictObject(Object.fromEntries(shape)) as unknown as z.ZodType<MessageJson<N>>
}

/** The message as JSON, the inverse of `messageSchema(name).parse`. */
export function messageToJson<N extends MessageName>(name: N, message: MessageOf<N>): MessageJson<N> {
  const values = message as Record<string, unknown>
  const members = definition(name).fields.map((field) => [field.name, toJson(values[field.name])])
  return Object.fromEntries(members) as MessageJson<N>
}

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]))
  }
  return value
}
