import { type Deployment, datasetRegistryAbi, type Hex } from '@granary/protocol'
import { Contract, type ContractRunner, Interface, type Signer } from 'ethers'
import { callAsTimelock } from './set-up.js'

/** What makes a pool. Terms and lowest price hold for good. */
export interface PoolTerms {
  /** digest of the terms document */
  terms: Hex
  /** the price per use never goes below it; in the token's smallest unit, as `price` */
  lowestPrice: bigint
  price: bigint
}

export interface CreatePoolsOptions {
  /** the account that deployed, with a provider */
  signer: Signer
  deployment: Deployment
  pools: readonly PoolTerms[]
  onProgress?: (line: string) => void
}

/**
 * Creates pools during the set-up, in order, all or none.
 * @returns their numbers
 * @throws CliError OWNER_NEEDED once the DAO is in charge
 */
export async function createPools(options: CreatePoolsOptions): Promise<number[]> {
  const { signer, deployment, pools, onProgress } = options
  if (pools.length === 0) return []
  const calls = pools.map(({ terms, lowestPrice, price }) => ({
    contract: 'datasetRegistry' as const,
    method: 'createPool',
    args: [terms, lowestPrice, price],
  }))
  const { logs } = await callAsTimelock(signer, deployment, calls)
  const registry = new Interface(datasetRegistryAbi)
  const created = logs.flatMap((log) => {
    const event = log.address === deployment.datasetRegistry ? registry.parseLog(log) : null
    return event?.name === 'PoolCreated' ? [Number(event.args.pool)] : []
  })
  for (const [place, pool] of created.entries())
    onProgress?.(`pool ${pool} at ${pools[place]!.price} per use`)
  return created
}

/** How many pools there are on chain. */
export async function countPools(deployment: Deployment, runner: ContractRunner): Promise<number> {
  const registry = new Contract(deployment.datasetRegistry, datasetRegistryAbi, runner)
  return Number(await registry.getFunction('poolCount')())
}
