import { type Deployment, GranaryError } from '@granary/protocol'
import { JsonRpcProvider, NonceManager, Wallet } from 'ethers'
import type { Context } from '../command.js'
import { CliError } from '../output.js'
import { readDeployment } from './deployment-file.js'

const DEFAULT_RPC = 'http://127.0.0.1:8545'

export interface ChainOptions {
  rpc?: string
}

/**
 * The account of GRANARY_PRIVATE_KEY at the chain, for commands that set a network up before an API exists.
 * Call `close` at the end: the provider keeps the program alive.
 * @throws CliError SIGNER_MISSING; what `connectChain` throws
 */
export async function connectDeployer(context: Context, options: ChainOptions, deployment?: Deployment) {
  const { environment } = context
  if (!environment.privateKey) {
    throw new CliError('SIGNER_MISSING', 'set GRANARY_PRIVATE_KEY to the key of the account that deploys')
  }
  const provider = await connectChain(context, options, deployment)
  return {
    provider,
    signer: new NonceManager(new Wallet(environment.privateKey, provider)),
    close: () => provider.destroy(),
  }
}

/**
 * The chain that a command names, or the one of GRANARY_RPC, or this machine's. `destroy` it at the end. Where a deployment is
 * named, too, it is the one that this chain has.
 * @throws CliError CHAIN_UNREACHABLE; GranaryError NETWORK_MISMATCH, DEPLOYMENT_ELSEWHERE
 */
export async function connectChain(
  { environment }: Context,
  { rpc }: ChainOptions,
  deployment?: Deployment,
): Promise<JsonRpcProvider> {
  const url = rpc ?? environment.rpc ?? DEFAULT_RPC
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1 })
  try {
    const chainId = await provider.send('eth_chainId', []).catch(() => {
      throw new CliError(
        'CHAIN_UNREACHABLE',
        `no chain answers at ${url}: name one with --rpc or GRANARY_RPC`,
      )
    })
    if (deployment) await checkDeployment(provider, deployment, Number(chainId))
    return provider
  } catch (error) {
    provider.destroy()
    throw error
  }
}

async function checkDeployment(provider: JsonRpcProvider, deployment: Deployment, chainId: number) {
  if (deployment.chainId !== chainId)
    throw new GranaryError(
      'NETWORK_MISMATCH',
      `the deployment is of chain ${deployment.chainId}, and this is chain ${chainId}: name another file or --rpc`,
    )
  if ((await provider.getCode(deployment.datasetRegistry)) === '0x')
    throw new GranaryError('DEPLOYMENT_ELSEWHERE', { contract: deployment.datasetRegistry })
}

/** The deployment that a command names, or the one of GRANARY_DEPLOYMENT. Throws CliError DEPLOYMENT_MISSING. */
export function deploymentOf({ environment }: Context, file: string | undefined) {
  const path = file ?? environment.deployment
  if (!path) throw new CliError('DEPLOYMENT_MISSING', 'name the file with the addresses: --deployment FILE')
  return readDeployment(path)
}
