import { z } from 'zod'
import { addressSchema, amountSchema, bytes32Schema, timeSchema } from '../scalars.js'

/**
 * `earned` is the cumulative total in the tree under `root`, that of the last settlement in effect; `proof` its proof
 * (empty when there is nothing, or when the account is the only leaf), `claimable` = earned - claimed. `pending` is what
 * settlements that are not in effect yet add, and from when each can be claimed; until then they may be voided. `entries`
 * are the newest 200 uses of own datasets, pending ones included.
 */
export const rewardsSchema = z.object({
  address: addressSchema,
  earned: amountSchema,
  claimed: amountSchema,
  claimable: amountSchema,
  total: amountSchema,
  root: bytes32Schema,
  proof: z.array(bytes32Schema),
  pending: z.array(z.object({ settlement: z.int(), amount: amountSchema, from: timeSchema })),
  entries: z.array(
    z.object({
      dataset: bytes32Schema,
      request: bytes32Schema,
      amount: amountSchema,
      settlement: z.int(),
    }),
  ),
})
export type RewardsResource = z.infer<typeof rewardsSchema>
