// GET /v1/network: for display. A client takes addresses from its own deployment file and compares.
import { z } from 'zod'
import { deploymentSchema } from '../deployment.js'
import { addressSchema, amountSchema, bytes32Schema } from '../scalars.js'

/**
 * What the DAO has decided, and how it decides. Times in seconds, `threshold` and `quorumMinimum` in GRAIN's smallest
 * unit: a quorum is so much, or so many percent of all GRAIN if that is more.
 */
export const daoSchema = z.object({
  votingDelay: z.int(),
  votingPeriod: z.int(),
  threshold: amountSchema,
  quorumPercent: z.int(),
  quorumMinimum: amountSchema,
  timelockDelay: z.int(),
  treasuryBps: z.int(),
  custodiansBps: z.int(),
  window: z.int(),
  guardian: addressSchema.nullable(),
  treasury: addressSchema.nullable(),
  council: z.array(addressSchema),
})
export type DaoResource = z.infer<typeof daoSchema>

export const networkSchema = z.object({
  chainId: z.int(),
  development: z.boolean(),
  deployment: deploymentSchema,
  rpcUrl: z.string().nullable(),
  committee: z
    .object({
      epoch: z.int(),
      threshold: z.int(),
      groupKey: bytes32Schema,
      members: z.array(
        z.object({
          index: z.int(),
          account: addressSchema,
          endpoint: z.string(),
          recipient: z.string(),
          verifyingShare: bytes32Schema,
        }),
      ),
    })
    .nullable(),
  gateways: z.array(z.string()),
  relayer: addressSchema,
  /**
   * `block` is the chain's newest, `indexed` the newest in the tables. `behindSeconds`: since the tables were last seen to
   * be up to the chain; `unreadSeconds`: since the chain last answered; null before the first time.
   */
  head: z.object({
    block: z.int(),
    indexed: z.int(),
    behindSeconds: z.number().nullish(),
    unreadSeconds: z.number().nullish(),
  }),
  dao: daoSchema,
  token: z.object({ symbol: z.string(), decimals: z.int() }),
})
export type NetworkResource = z.infer<typeof networkSchema>
