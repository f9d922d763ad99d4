// Names of accounts on chains that have ENS (https://docs.ens.domains), read through the wallet: Granary's server has no say.
import type { Eip1193 } from './injected.js'

/** ENS's registry, which is at the same address on every chain that has it. */
export const ENS_REGISTRY = '0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e'

/** Whether the chain has names at all. Asks for the registry's code, and nothing else is loaded for it. */
export async function hasNames(chain: Eip1193): Promise<boolean> {
  const code = await chain.request({ method: 'eth_getCode', params: [ENS_REGISTRY, 'latest'] })
  return typeof code === 'string' && code.length > 2
}

/**
 * The name that an account goes by. null: it has none, the name does not lead back to it, or it is not written as names are
 * (which is how one is made to look like another). Loads ethers.
 */
export async function nameOf(chain: Eip1193, chainId: number, address: string): Promise<string | null> {
  const { BrowserProvider, EnsPlugin, Network, ensNormalize, getAddress } = await import('ethers')
  const network = new Network(`chain-${chainId}`, chainId)
  network.attachPlugin(new EnsPlugin(ENS_REGISTRY, chainId))
  const provider = new BrowserProvider(chain, network)
  try {
    const name = await provider.lookupAddress(getAddress(address))
    return name !== null && ensNormalize(name) === name ? name : null
  } catch {
    return null
  } finally {
    provider.destroy()
  }
}
