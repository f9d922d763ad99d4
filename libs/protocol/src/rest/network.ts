// GET /v1/network: for display. A client takes addresses from its own deployment file and compares.
import { z } from 'zod'
import { deploymentSchema } from '../deployment.js'
import { addressSchema, bytes32Schema } from '../scalars.js'

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
  head: z.object({ block: z.int(), indexed: z.int() }),
  token: z.object({ symbol: z.string(), decimals: z.int() }),
})
export type NetworkResource = z.infer<typeof networkSchema>
