import { z } from 'zod'
import { amountSchema, bytes32Schema, timeSchema } from '../scalars.js'
import { onChainSchema, pageSchema } from './common.js'

/** A settlement's number in a path. */
export const settlementNumberSchema = z.coerce.number().int().min(1).max(2_147_483_647)

/** `pending`: taken, and the guardian may still void it. `in-effect`: nobody can any more. `voided`: without effect. */
export const SETTLEMENT_STATES = ['pending', 'in-effect', 'voided'] as const
export type SettlementState = (typeof SETTLEMENT_STATES)[number]

/**
 * A settlement that the chain took. After a voiding its `number` is taken again, its `sequence` never. `total` is what
 * was settled ever, `document` the digest of what explains it. Until `effectiveFrom` it can be voided; `returned`: what a
 * voided one had taken is back at its requests.
 */
export const takenSettlementSchema = z.object({
  number: z.int().min(1),
  sequence: z.int().min(1),
  epoch: z.int(),
  root: bytes32Schema,
  total: amountSchema,
  document: bytes32Schema,
  taken: onChainSchema,
  effectiveFrom: timeSchema,
  state: z.enum(SETTLEMENT_STATES),
  returned: z.boolean(),
})
export type TakenSettlement = z.infer<typeof takenSettlementSchema>
export const takenSettlementsPageSchema = pageSchema(takenSettlementSchema)
export type TakenSettlementsPage = z.infer<typeof takenSettlementsPageSchema>
