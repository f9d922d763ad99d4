// A relay: a signed message on its way to the chain at the operator's cost.
import { z } from 'zod'
import { bytes32Schema } from '../scalars.js'

export const RELAY_KINDS = [
  'contribution',
  'consent-update',
  'withdrawal',
  'trainer-application',
  'access-request',
  'approval',
  'refund',
  'claim',
  'join',
  'delegation',
  'proposal',
  'ballot',
  'proposal-queue',
  'proposal-execute',
] as const
export type RelayKind = (typeof RELAY_KINDS)[number]

/** `refused` is final and has a `code`; `confirmed` has a transaction. Nothing is refused for being slow. */
export const RELAY_STATUSES = ['queued', 'sent', 'confirmed', 'refused'] as const
export type RelayStatus = (typeof RELAY_STATUSES)[number]

/**
 * `gasUsed` is the whole transaction's, which `batch` messages shared. `waiting` is a code: what the relayer as a whole
 * waits for, while this is queued or sent.
 */
export const relaySchema = z.object({
  id: z.string(),
  kind: z.enum(RELAY_KINDS),
  status: z.enum(RELAY_STATUSES),
  transaction: bytes32Schema.nullable(),
  gasUsed: z.string().nullable(),
  batch: z.int().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  waiting: z.string().nullish(),
})
export type RelayResource = z.infer<typeof relaySchema>

/** 202 of everything that is relayed: `relay` is the id to ask /v1/relays/{id} for. */
export const relayedSchema = z.object({ relay: z.string() })
export type RelayedResource = z.infer<typeof relayedSchema>
