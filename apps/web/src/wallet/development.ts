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

/** As `DEVELOPMENT_ACCOUNTS` derives them; written down, since the first page shows them and must not load ethers for it. */
const ADDRESSES: Readonly<Record<(typeof OFFERED)[number], readonly string[]>> = {
  contributor: [
    '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    '0x976EA74026E726554dB657fA54763abd0C3a0aa9',
    '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955',
    '0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f',
    '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720',
    '0xBcd4042DE499D14e55001CcbB24a551F3b954096',
    '0x71bE63f3384f5fb98995898A86B02Fb2426c5788',
  ],
  trainer: ['0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65', '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc'],
  council: ['0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
}

/** The embedded network's accounts of people. */
export function developmentAccounts(): DevelopmentAccount[] {
  return OFFERED.flatMap((role) => ADDRESSES[role].map((address, number) => ({ role, address, number }))).map(
    (account, index) => ({ ...account, index }),
  )
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
    chain: null,
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
