// GET /v1/custodians: how the committee's members answer this server.
import { z } from 'zod'
import { addressSchema, timeSchema } from '../scalars.js'

/** `other`: something answers there that is not this member. `waiting`: it answers, and says that it cannot do its part. */
export const CUSTODIAN_STATES = ['ready', 'waiting', 'other', 'unreachable'] as const

/**
 * `code` says why it is not ready. `version` is that of its protocol, `epochs` those whose share it holds. `lastSeen` is
 * the last time that it answered this server since that was started; null for never.
 */
export const custodianStateSchema = z.object({
  index: z.int(),
  account: addressSchema,
  endpoint: z.string(),
  state: z.enum(CUSTODIAN_STATES),
  code: z.string().nullable(),
  version: z.string().nullable(),
  epochs: z.array(z.int()),
  lastSeen: timeSchema.nullable(),
})
export type CustodianState = z.infer<typeof custodianStateSchema>

/** `ready` of `members` can do their part now, `threshold` have to; `checked`: when they were asked. */
export const custodiansSchema = z.object({
  epoch: z.int(),
  threshold: z.int(),
  ready: z.int(),
  checked: timeSchema,
  members: z.array(custodianStateSchema),
})
export type CustodiansResource = z.infer<typeof custodiansSchema>
