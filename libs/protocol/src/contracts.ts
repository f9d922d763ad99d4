import {
  accessRequestsAbi,
  custodianCommitteeAbi,
  datasetRegistryAbi,
  grainTokenAbi,
  granaryGovernorAbi,
  rewardPoolAbi,
  testTokenAbi,
  timelockAbi,
  trainerRegistryAbi,
} from './abi/index.js'
import type { ContractName } from './deployment.js'

/** The ABI of every contract of a deployment. The token may be another ERC-20 with permit than the test token. */
export const CONTRACT_ABIS = {
  token: testTokenAbi,
  datasetRegistry: datasetRegistryAbi,
  trainerRegistry: trainerRegistryAbi,
  custodianCommittee: custodianCommitteeAbi,
  accessRequests: accessRequestsAbi,
  rewardPool: rewardPoolAbi,
  grainToken: grainTokenAbi,
  governor: granaryGovernorAbi,
  timelock: timelockAbi,
} as const satisfies Record<ContractName | 'token', readonly unknown[]>
