import { z } from 'zod'
import { addressSchema, amountSchema, bytes32Schema } from '../scalars.js'

/**
 * `earned` is the cumulative total in the tree under `root`, `proof` its proof (empty when there is nothing, or when
 * the account is the only leaf), `claimable` = earned - claimed. `entries` are the newest 200 uses of own datasets.
 */
export const rewardsSchema = z.object({
  address: addressSchema,
  earned: amountSchema,
  claimed: amountSchema,
  claimable: amountSchema,
  total: amountSchema,
  root: bytes32Schema,
  proof: z.array(bytes32Schema),
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
