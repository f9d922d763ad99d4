import { wallet as text } from './messages.js'
import { reviewed } from './reviewed.js'
import type { Wallet } from './wallet.js'

/** A development account of the embedded network. Its key is printed in every copy of Granary: it protects nothing. */
export interface DevelopmentAccount {
  /** Its place in the list. */
  index: number
  role: (typeof OFFERED)[number]
  /** Its place among those of its role. */
  number: number
  address: string
}

/** Whose accounts are offered, in this order. */
const OFFERED = ['contributor', 'trainer', 'council'] as const

/** The embedded network's accounts of people. Loads ethers. */
export async function developmentAccounts(): Promise<DevelopmentAccount[]> {
  const accounts = await people()
  return accounts.map(({ role, address }, index) => ({
    index,
    role: role as DevelopmentAccount['role'],
    number: accounts.slice(0, index).filter((one) => one.role === role).length,
    address,
  }))
}

/**
 * A wallet that signs in this page with a development account, so that a newcomer needs no extension. Offer it only
 * where the network says `development` itself.
 */
export async function connectDevelopment(index: number, chainId: number): Promise<Wallet> {
  const account = (await people())[index]
  if (!account) throw new RangeError(`no development account ${index}`)
  const { Wallet: EthersWallet } = await import('ethers')
  const signer = new EthersWallet(account.privateKey)
  return reviewed({
    kind: 'development',
    name: text.development,
    key: `development:${index}`,
    address: signer.address,
    chainId,
    signText: (text) => signer.signMessage(text),
    signer: async () => signer,
    changeChain: async () => {},
    watch: () => () => {},
  })
}

async function people() {
  const { DEVELOPMENT_ACCOUNTS } = await import('@granary/protocol')
  const all = DEVELOPMENT_ACCOUNTS()
  return OFFERED.flatMap((role) => all.filter((account) => account.role === role))
}
