import { GranaryError } from '@granary/protocol'
import { z } from 'zod'

export const RAW_TYPE = 'application/vnd.ipld.raw'
export const CAR_TYPE = 'application/vnd.ipld.car'

const BOUND = /^(\*|-?\d{1,19})$/

/** What may stand behind `/ipfs/{cid}?`, as the trustless gateway's specification names it. */
export const gatewayQuery = z.object({
  format: z.string().max(50).optional(),
  'dag-scope': z.enum(['block', 'entity', 'all']).optional(),
  'entity-bytes': z
    .string()
    .max(40)
    .refine((text) => {
      const [from, to, ...more] = text.split(':')
      return more.length === 0 && BOUND.test(from ?? '') && from !== '*' && BOUND.test(to ?? '')
    }, 'from:to, whole numbers or * for the end')
    .optional(),
  'car-version': z.literal('1').optional(),
  'car-order': z.enum(['dfs', 'unk']).optional(),
  'car-dups': z.enum(['y', 'n']).optional(),
  filename: z.string().min(1).max(255).optional(),
})
export type GatewayQuery = z.infer<typeof gatewayQuery>

/** First and last byte, inclusive; negative counts from the end, null is the end. */
export interface EntityBytes {
  from: number
  to: number | null
}

/** What is asked for: one block, or a CAR of a part of the DAG. `entity` of a file is the whole of it. */
export type GatewayRequest =
  | { type: 'raw' }
  | { type: 'car'; scope: 'block' | 'entity' | 'all'; bytes: EntityBytes | null; duplicates: boolean }

/**
 * The query goes before the header; of several types in `Accept` the one with the highest q that can be given, the first
 * of equals.
 *
 * @throws GranaryError FORMAT_MISSING when neither names a type, NOT_ACCEPTABLE for any other type or variant
 */
export function readRequest(query: GatewayQuery, accept: string | undefined): GatewayRequest {
  if (query.format === undefined && (accept ?? '').trim() === '') throw new GranaryError('FORMAT_MISSING')
  const wanted = query.format === undefined ? listed(accept ?? '') : formatted(query.format, accept ?? '')
  for (const one of wanted) {
    const request = requested(query, one)
    if (request) return request
  }
  throw new GranaryError('NOT_ACCEPTABLE')
}

/** What one media range asks for; undefined when that is not offered. */
function requested(query: GatewayQuery, { type, parameters }: Accepted): GatewayRequest | undefined {
  if (type === RAW_TYPE) return { type: 'raw' }
  const version = query['car-version'] ?? parameters.get('version') ?? '1'
  const order = query['car-order'] ?? parameters.get('order') ?? 'dfs'
  const duplicates = query['car-dups'] ?? parameters.get('dups') ?? 'n'
  const offered = version === '1' && ['dfs', 'unk'].includes(order) && ['y', 'n'].includes(duplicates)
  if (type !== CAR_TYPE || !offered) return undefined
  const bytes = query['entity-bytes'] === undefined ? null : readBytes(query['entity-bytes'])
  const scope = bytes ? 'entity' : (query['dag-scope'] ?? 'all')
  return { type: 'car', scope, bytes, duplicates: duplicates === 'y' }
}

/** The address of the same answer for who sends no `Accept`. */
export function locationOf(cid: string, query: GatewayQuery, request: GatewayRequest): string {
  const parameters = new URLSearchParams(query as Record<string, string>)
  parameters.set('format', request.type)
  if (request.type === 'car') parameters.set('car-dups', request.duplicates ? 'y' : 'n')
  return `/ipfs/${cid}?${parameters}`
}

interface Accepted {
  type: string
  parameters: Map<string, string>
}

/** `format=car` still takes the parameters of a CAR in `Accept`. */
function formatted(format: string, accept: string): Accepted[] {
  if (format === 'raw') return [{ type: RAW_TYPE, parameters: new Map() }]
  if (format !== 'car') return []
  const variants = listed(accept).filter(({ type }) => type === CAR_TYPE)
  return variants.length > 0 ? variants : [{ type: CAR_TYPE, parameters: new Map() }]
}

/** The media ranges of a header, the most wanted first; `q=0` is not wanted at all. */
function listed(accept: string): Accepted[] {
  return accept
    .split(',')
    .map((part) => {
      const [type = '', ...rest] = part.split(';').map((text) => text.trim().toLowerCase())
      const pairs = rest.map((text) => text.split('=').map((side) => side.trim()))
      const parameters = new Map(pairs.map(([name = '', value = '']) => [name, value.replace(/^"|"$/g, '')]))
      return { type, parameters, q: Number(parameters.get('q') ?? 1) }
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
}

function readBytes(text: string): EntityBytes {
  const [from = '0', to = '*'] = text.split(':')
  return { from: Number(from), to: to === '*' ? null : Number(to) }
}
