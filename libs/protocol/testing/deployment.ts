import type { Deployment } from '../src/deployment.js'
import type { Address } from '../src/hex.js'

/** The address of one hexadecimal digit, repeated: easy to tell apart in what a failing test prints. */
export const at = (digit: number | string) => `0x${String(digit).repeat(40)}` as Address

/** A deployment that is nowhere; `address` is told 1 to 9, in the order of its fields. */
export function deploymentOf(address: (place: number) => Address, chainId = 31_337): Deployment {
  return {
    version: 1,
    chainId,
    startBlock: 0,
    token: address(1),
    datasetRegistry: address(2),
    trainerRegistry: address(3),
    custodianCommittee: address(4),
    accessRequests: address(5),
    rewardPool: address(6),
    grainToken: address(7),
    governor: address(8),
    timelock: address(9),
  }
}

/** One with an address of its own for each contract. */
export const deployment = deploymentOf(at)
