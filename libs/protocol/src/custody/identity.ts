// What a custodian says of itself. For the council that names members; clients take members from the chain.
import { z } from 'zod'
import { addressSchema } from '../scalars.js'
import { epochNumberSchema, memberIndexSchema } from './release.js'

export const CUSTODIAN_VERSION = 'granary/custodian/v1'

/** GET /v1/identity. `recipient` is an age recipient; `epochs` are those whose share it holds. */
export const custodianIdentitySchema = z.object({
  version: z.literal(CUSTODIAN_VERSION),
  address: addressSchema,
  recipient: z.string(),
  endpoint: z.string(),
  chainId: z.int(),
  epochs: z.array(z.object({ epoch: epochNumberSchema, index: memberIndexSchema })),
})
export type CustodianIdentity = z.infer<typeof custodianIdentitySchema>

/** GET /healthz. `epoch` is the current one on chain as last read, 0 before the first. */
export const custodianHealthSchema = z.object({
  status: z.literal('ok'),
  address: addressSchema,
  epoch: z.int().min(0),
})
export type CustodianHealth = z.infer<typeof custodianHealthSchema>
