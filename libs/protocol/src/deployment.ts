import { z } from 'zod'
import { GranaryError } from './errors.js'
import { addressSchema } from './scalars.js'

/**
 * Where Granary lives on one chain: written by the one deploy path, built into clients as `deployments/<chainId>.json`.
 * `startBlock` is the block from which events are worth reading.
 */
export const deploymentSchema = z.object({
  version: z.literal(1),
  chainId: z.int().min(1),
  startBlock: z.int().min(0),
  token: addressSchema,
  datasetRegistry: addressSchema,
  trainerRegistry: addressSchema,
  custodianCommittee: addressSchema,
  accessRequests: addressSchema,
  rewardPool: addressSchema,
  grainToken: addressSchema,
  governor: addressSchema,
  timelock: addressSchema,
})
export type Deployment = z.infer<typeof deploymentSchema>

/** The contracts of a deployment by name, without the token. */
export type ContractName =
  | 'datasetRegistry'
  | 'trainerRegistry'
  | 'custodianCommittee'
  | 'accessRequests'
  | 'rewardPool'
  | 'grainToken'
  | 'governor'
  | 'timelock'

/**
 * Reads a deployment from parsed JSON or from its text.
 *
 * @throws GranaryError DEPLOYMENT_INVALID, naming the fields at fault
 */
export function parseDeployment(json: unknown): Deployment {
  let value = json
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json)
    } catch {
      throw new GranaryError('DEPLOYMENT_INVALID', 'the deployment is not JSON')
    }
  }
  const parsed = deploymentSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`)
  throw new GranaryError('DEPLOYMENT_INVALID', `the deployment is not valid: ${faults.join('; ')}`)
}

/** Whether two deployments name the same chain and the same contracts. `startBlock` may differ. */
export function sameDeployment(a: Deployment, b: Deployment): boolean {
  const { startBlock: _a, ...left } = a
  const { startBlock: _b, ...right } = b
  return (Object.keys(left) as (keyof typeof left)[]).every((key) => left[key] === right[key])
}
