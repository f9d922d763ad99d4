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
 * @throws CliError SIGNER_MISSING, CHAIN_UNREACHABLE
 */
export async function connectDeployer(context: Context, options: ChainOptions) {
  const { environment } = context
  if (!environment.privateKey) {
    throw new CliError('SIGNER_MISSING', 'set GRANARY_PRIVATE_KEY to the key of the account that deploys')
  }
  const url = rpcOf(context, options)
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1 })
  try {
    await provider.send('eth_chainId', [])
  } catch {
    provider.destroy()
    throw new CliError('CHAIN_UNREACHABLE', `no chain answers at ${url}: name one with --rpc or GRANARY_RPC`)
  }
  return {
    provider,
    signer: new NonceManager(new Wallet(environment.privateKey, provider)),
    close: () => provider.destroy(),
  }
}

/** The chain that a command names, or the one of GRANARY_RPC, or this machine's. */
export function rpcOf({ environment }: Context, { rpc }: ChainOptions): string {
  return rpc ?? environment.rpc ?? DEFAULT_RPC
}

/** The deployment that a command names, or the one of GRANARY_DEPLOYMENT. Throws CliError DEPLOYMENT_MISSING. */
export function deploymentOf({ environment }: Context, file: string | undefined) {
  const path = file ?? environment.deployment
  if (!path) throw new CliError('DEPLOYMENT_MISSING', 'name the file with the addresses: --deployment FILE')
  return readDeployment(path)
}
