// What an account owns, how it was used and what it earned: for somebody with many datasets.
import { z } from 'zod'
import { addressSchema, amountSchema, bytes32Schema, timeSchema } from '../scalars.js'
import { onChainSchema, pageQuerySchema, pageSchema, purposeNamesSchema } from './common.js'
import { datasetSchema } from './datasets.js'
import { SETTLEMENT_STATES } from './settlements.js'

/** By time of registration, or by what they earned, how often they were used, or their title, A to Z. */
export const OWNED_ORDERS = ['newest', 'oldest', 'earned', 'used', 'title'] as const

/** GET /v1/owners/{address}/datasets. `search`: a part of the title or description, in any case, or a dataset's id. */
export const ownedQuerySchema = pageQuerySchema.extend({
  search: z.string().max(100).optional(),
  status: z.enum(['active', 'withdrawn', 'expired']).optional(),
  ask: z.enum(['yes', 'no']).optional(),
  pool: z.coerce.number().int().min(1).max(65_535).optional(),
  order: z.enum(OWNED_ORDERS).default('newest'),
})
export type OwnedQuery = z.input<typeof ownedQuerySchema>

/** `total`: how many there are on all pages together. */
export const ownedPageSchema = pageSchema(datasetSchema).extend({ total: z.int() })
export type OwnedPage = z.infer<typeof ownedPageSchema>

/** GET /v1/owners/{address}/uses. */
export const usesQuerySchema = pageQuerySchema.extend({ dataset: bytes32Schema.optional() })
export type UsesQuery = z.input<typeof usesQuerySchema>

/**
 * One use of an owner's dataset that was settled: who read it, for what, under which request, and what it earned. The place
 * on the chain is the settlement's; `opened` is the transaction that opened the request. `title` and `trainerName` are
 * what owner and trainer say; null where they are not here. A release shows here once it is settled.
 */
export const ownedUseSchema = onChainSchema.extend({
  dataset: bytes32Schema,
  title: z.string().nullable(),
  request: bytes32Schema,
  opened: bytes32Schema.nullable(),
  trainer: addressSchema.nullable(),
  trainerName: z.string().nullable(),
  purposes: purposeNamesSchema,
  amount: amountSchema,
  settlement: z.int(),
  state: z.enum(SETTLEMENT_STATES),
  effectiveFrom: timeSchema,
})
export type OwnedUse = z.infer<typeof ownedUseSchema>
export const ownedUsesPageSchema = pageSchema(ownedUseSchema)
export type OwnedUsesPage = z.infer<typeof ownedUsesPageSchema>

/** GET /v1/owners/{address}/earnings. */
export const earningsQuerySchema = z.object({
  by: z.enum(['day', 'month', 'year']).default('day'),
  dataset: bytes32Schema.optional(),
})
export type EarningsQuery = z.input<typeof earningsQuerySchema>

/**
 * What an owner's datasets earned and what the account claimed, by day, month or year (UTC), oldest first; spans in which
 * nothing happened are left out, and of more than 400 the oldest. `from` is when a span begins. Of one dataset nothing is
 * claimed: claims are of accounts.
 */
export const earningsSchema = z.object({
  items: z.array(z.object({ from: timeSchema, earned: amountSchema, claimed: amountSchema, uses: z.int() })),
})
export type EarningsResource = z.infer<typeof earningsSchema>
