import {
  accessRequestsAbi,
  custodianCommitteeAbi,
  datasetRegistryAbi,
  rewardPoolAbi,
  testTokenAbi,
  trainerRegistryAbi,
} from '@granary/protocol'

/** The contracts by the names that a deployment gives them. */
export const ABIS = {
  datasetRegistry: datasetRegistryAbi,
  trainerRegistry: trainerRegistryAbi,
  custodianCommittee: custodianCommitteeAbi,
  accessRequests: accessRequestsAbi,
  rewardPool: rewardPoolAbi,
  token: testTokenAbi,
} as const
export type ContractName = keyof typeof ABIS
