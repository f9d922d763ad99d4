// The embedded network's accounts. Their keys are public: they are worth nothing anywhere else, and no program uses
// them outside chain 31337.
import { HDNodeWallet, Mnemonic } from 'ethers'
import type { Address, Hex } from './hex.js'

export const DEVELOPMENT_CHAIN_ID = 31_337
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk'

const ROLES = [
  'council',
  'operator',
  'contributor',
  'guardian',
  'trainer',
  'trainer',
  'contributor',
  'contributor',
  'contributor',
  'contributor',
  'contributor',
  'contributor',
] as const

/** council deploys the contracts and approves trainers, operator relays, guardian voids settlements. */
export type DevelopmentRole = (typeof ROLES)[number]

export interface DevelopmentAccount {
  role: DevelopmentRole
  address: Address
  privateKey: Hex
}

let derived: readonly DevelopmentAccount[] | undefined

/** The accounts m/44'/60'/0'/0/0 to 11 of the well-known mnemonic, derived at the first call (some 20 ms in Node). */
export function DEVELOPMENT_ACCOUNTS(): readonly DevelopmentAccount[] {
  derived ??= derive()
  return derived
}

function derive(): readonly DevelopmentAccount[] {
  const parent = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(DEVELOPMENT_MNEMONIC), "m/44'/60'/0'/0")
  return ROLES.map((role, index) => {
    const wallet = parent.deriveChild(index)
    return { role, address: wallet.address as Address, privateKey: wallet.privateKey as Hex }
  })
}
