import type { Signer } from 'ethers'
import { signInDomain } from '../lib/origin.js'
import { review } from './review.js'
import { type Wallet, WalletError } from './wallet.js'

/**
 * The wallet with everything read before it is signed: typed messages are shown in plain words and need a yes here before
 * the wallet is asked; what is none of Granary's messages never reaches it, nor does any text but one that signs in here.
 */
export function reviewed(wallet: Wallet): Wallet {
  return {
    ...wallet,
    signText(text) {
      requireSignIn(text, wallet.address)
      return wallet.signText(text)
    },
    async signer() {
      return guarded(await wallet.signer(), wallet)
    },
  }
}

function guarded(signer: Signer, wallet: Wallet): Signer {
  return new Proxy(signer, {
    get(target, name) {
      if (name === 'signTypedData')
        return async (...[domain, types, value]: Parameters<Signer['signTypedData']>) => {
          await review(wallet, { domain, types, value })
          return target.signTypedData(domain, types, value)
        }
      if (name === 'signMessage')
        return async (text: string | Uint8Array) => {
          requireSignIn(text, wallet.address)
          return target.signMessage(text)
        }
      if (name === 'connect')
        return (provider: Parameters<Signer['connect']>[0]) => guarded(target.connect(provider), wallet)
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** @throws WalletError SIGNING_REFUSED */
function requireSignIn(text: string | Uint8Array, address: string): void {
  const lines = typeof text === 'string' ? text.split('\n') : []
  const fits =
    typeof text === 'string' &&
    signInDomain(text) === location.host &&
    lines[1]?.toLowerCase() === address.toLowerCase()
  if (!fits)
    throw new WalletError('SIGNING_REFUSED', 'This text does not sign in here, so it is not passed on.')
}
