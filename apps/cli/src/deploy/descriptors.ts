import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTRACT_ABIS, clearSigning, type Deployment } from '@granary/protocol'
import { Contract, type InterfaceAbi, type Provider } from 'ethers'

/** Where the descriptors of a deployment file are: beside it. */
export const descriptorFolder = (file: string) => `${file.replace(/\.json$/, '')}.erc7730`

/**
 * Writes what wallets say of this deployment's messages (ERC-7730), beside its file: the descriptors that ship with the
 * contracts, with its addresses in them.
 */
export async function writeDescriptors(
  file: string,
  deployment: Deployment,
  provider: Provider,
): Promise<void> {
  const token = new Contract(deployment.token, CONTRACT_ABIS.token as unknown as InterfaceAbi, provider)
  const tokenName = String(await token.getFunction('name').staticCall())
  const folder = descriptorFolder(file)
  mkdirSync(folder, { recursive: true })
  for (const [name, descriptor] of Object.entries(clearSigning({ deployment, tokenName })))
    writeFileSync(join(folder, name), `${JSON.stringify(descriptor, null, 2)}\n`)
}
