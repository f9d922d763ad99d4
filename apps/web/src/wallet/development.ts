import { reviewed } from './reviewed.js'
import type { Wallet } from './wallet.js'

/** A development account of the embedded network. Its key is printed in every copy of Granary: it protects nothing. */
export interface DevelopmentAccount {
  index: number
  address: string
}

/** The embedded network's contributor accounts. Loads ethers. */
export async function developmentAccounts(): Promise<DevelopmentAccount[]> {
  return (await contributors()).map(({ address }, index) => ({ index, address }))
}

/**
 * A wallet that signs in this page with a development account, so that a newcomer needs no extension. Offer it only
 * where the network says `development` itself.
 */
export async function connectDevelopment(index: number, chainId: number): Promise<Wallet> {
  const account = (await contributors())[index]
  if (!account) throw new RangeError(`no development account ${index}`)
  const { Wallet: EthersWallet } = await import('ethers')
  const signer = new EthersWallet(account.privateKey)
  return reviewed({
    kind: 'development',
    name: 'Development wallet',
    key: `development:${index}`,
    address: signer.address,
    chainId,
    signText: (text) => signer.signMessage(text),
    signer: async () => signer,
    changeChain: async () => {},
    watch: () => () => {},
  })
}

async function contributors() {
  const { DEVELOPMENT_ACCOUNTS } = await import('@granary/protocol')
  return DEVELOPMENT_ACCOUNTS().filter((account) => account.role === 'contributor')
}
