// GET /v1/treasury: what the DAO has, and what came in and went out.
import { z } from 'zod'
import { addressSchema, amountSchema, bytes32Schema } from '../scalars.js'
import { onChainSchema, pageSchema } from './common.js'

/**
 * `balance`: what the account holds on chain now; `earned`: its part of all uses settled; `claimed`: what of it was taken
 * over to the account, `claimable` what was not yet. `ofTimelock`: whether members decide about it by proposals.
 */
export const treasurySchema = z.object({
  account: addressSchema,
  ofTimelock: z.boolean(),
  balance: amountSchema,
  earned: amountSchema,
  claimed: amountSchema,
  claimable: amountSchema,
})
export type TreasuryResource = z.infer<typeof treasurySchema>

/**
 * `earned` by a settlement, `claimed` from the rewards into the account, `paid` to `to` by a proposal that was carried out.
 */
export const treasuryMovementSchema = onChainSchema.extend({
  kind: z.enum(['earned', 'claimed', 'paid']),
  amount: amountSchema,
  settlement: z.int().nullable(),
  proposal: bytes32Schema.nullable(),
  to: addressSchema.nullable(),
})
export type TreasuryMovement = z.infer<typeof treasuryMovementSchema>
export const treasuryMovementsPageSchema = pageSchema(treasuryMovementSchema)
export type TreasuryMovementsPage = z.infer<typeof treasuryMovementsPageSchema>
