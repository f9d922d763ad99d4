/** As much of JSON Schema as zod writes. */
export interface JsonSchema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  minLength?: number
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  minItems?: number
}

const HASH = '0x7d5f0f4a3c2b1e6d9a8877665544332211ffeeddccbbaa998877665544332211'
const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

/** Values that say more than their schema, by the name of the field. */
const BY_NAME: Record<string, unknown> = {
  cid: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
  metadataCid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
  manifestCid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
  title: 'Steps of a year',
  name: 'Open Weather Lab',
  description: 'One line a day.',
  text: 'Set the price of pool 1 to 2 gUSD per use',
  mediaType: 'text/csv',
  license: 'CC-BY-4.0',
  url: 'https://lab.example',
  message: 'localhost wants you to sign in with your Ethereum account: …',
  nonce: 'q8sD2kLm0pYvT4wX',
  token: 'qY3v…',
  relay: '3f2c1f0e-7a55-4d1c-9a3e-2b1d0c9f8e7d',
  endpoint: 'http://127.0.0.1:4301',
  recipient: HASH,
  credential: 'AGE-PLUGIN-FIDO2PRF-1QZRQ7XNQ',
  sealed: '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n',
  symbol: 'gUSD',
  decimals: 18,
  chainId: 31337,
  price: '1000000000000000000',
  purposes: 2,
  pool: 1,
  count: 1,
  v: 27,
  signature: `${HASH}${HASH.slice(2)}1b`,
}

/** A value that the schema allows, the same each time: what a field is named decides where the schema leaves room. */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return exampleOf(choices.find(({ type }) => type !== 'null') ?? choices[0] ?? {}, name)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, name)))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object' || schema.properties) return objectOf(schema)
  if (type === 'array') return schema.items ? [exampleOf(schema.items, name)] : []
  if (type === 'string') return text(schema, name)
  if (type === 'boolean') return false
  if (type === 'null') return null
  if (type === 'integer' || type === 'number') return number(schema, name)
  return {}
}

function objectOf(schema: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, exampleOf(inner, name)]),
  )
}

function number({ minimum = 0, default: usual }: JsonSchema, name: string): number {
  if (typeof usual === 'number') return usual
  const named = BY_NAME[name]
  return Math.max(minimum, typeof named === 'number' ? named : 1)
}

function text({ pattern, format, minLength = 0 }: JsonSchema, name: string): string {
  if (format === 'date') return '2030-12-31'
  if (format === 'date-time') return '2030-12-31T00:00:00.000Z'
  if (format === 'date') return '2030-12-31'
  if (format === 'uuid') return String(BY_NAME.relay)
  if (format === 'uri') return 'https://lab.example'
  const fits = (value: unknown): value is string =>
    typeof value === 'string' && (!pattern || new RegExp(pattern, 'u').test(value))
  const candidates = [BY_NAME[name], ADDRESS, HASH, '1000000000000000000', 'example']
  // Without a pattern only the name can tell; a canonical address has none.
  if (!pattern && /account|owner|trainer|relayer|contract|registry|^excluded/i.test(name)) return ADDRESS
  const found = (pattern ? candidates : [BY_NAME[name], 'example']).find(fits) ?? ''
  return found.padEnd(minLength, '0')
}
