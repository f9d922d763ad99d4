import { type Deployment, datasetRegistryAbi, type Hex } from '@granary/protocol'
import { Contract, type Signer } from 'ethers'

/** What makes a pool. Terms and lowest price hold for good. */
export interface PoolTerms {
  /** digest of the terms document */
  terms: Hex
  /** the price per use never goes below it; in the token's smallest unit, as `price` */
  lowestPrice: bigint
  price: bigint
}

export interface CreatePoolsOptions {
  /** the registry's owner, with a provider */
  signer: Signer
  deployment: Deployment
  pools: readonly PoolTerms[]
  onProgress?: (line: string) => void
}

/**
 * Creates pools one after the other.
 * @returns their numbers, in order
 */
export async function createPools({
  signer,
  deployment,
  pools,
  onProgress,
}: CreatePoolsOptions): Promise<number[]> {
  const registry = new Contract(deployment.datasetRegistry, datasetRegistryAbi, signer)
  const created: number[] = []
  for (const { terms, lowestPrice, price } of pools) {
    const sent = await registry.getFunction('createPool')(terms, lowestPrice, price)
    const receipt = await sent.wait()
    const event = receipt.logs
      .map((log: { topics: string[]; data: string }) => registry.interface.parseLog(log))
      .find((parsed: { name: string } | null) => parsed?.name === 'PoolCreated')
    const pool = Number(event.args.pool)
    created.push(pool)
    onProgress?.(`pool ${pool} at ${price} per use`)
  }
  return created
}
