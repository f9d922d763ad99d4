import { type Deployment, testTokenAbi } from '@granary/protocol'
import { Contract, type Signer } from 'ethers'

export interface MintOptions {
  /** the test token's owner, with a provider */
  signer: Signer
  deployment: Deployment
  accounts: readonly string[]
  /** for each account, in the token's smallest unit */
  amount: bigint
}

/** Gives test tokens to accounts. Works on a deployment with the test token only. */
export async function mintTestTokens({ signer, deployment, accounts, amount }: MintOptions): Promise<void> {
  const token = new Contract(deployment.token, testTokenAbi, signer)
  for (const account of accounts) {
    const sent = await token.getFunction('mint')(account, amount)
    await sent.wait()
  }
}
