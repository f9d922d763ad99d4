import type { Signer, TransactionRequest } from 'ethers'
import { signInDomain } from '../lib/origin.js'
import { type ReviewedTransaction, review, reviewTransaction } from './review.js'
import { type Wallet, WalletError } from './wallet.js'

/**
 * The wallet with everything read before it is signed: typed messages and transactions are shown in plain words and need a
 * yes here before the wallet is asked; what is none of Granary's never reaches it, nor does any text but one that signs in
 * here.
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
      if (name === 'sendTransaction')
        return async (sent: TransactionRequest) => {
          await reviewTransaction(wallet, plainly(sent), () => costOf(target, sent))
          return target.sendTransaction(sent)
        }
      // Ways round the review, which nothing in Granary goes.
      if (name === 'signTransaction' || name === 'sendUncheckedTransaction')
        return async () => {
          throw new WalletError('SIGNING_REFUSED', 'Only what can be read first is passed on.')
        }
      if (name === 'connect')
        return (provider: Parameters<Signer['connect']>[0]) => guarded(target.connect(provider), wallet)
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function plainly({ to, data, value }: TransactionRequest): { to: string; data: string; value: bigint } {
  return { to: typeof to === 'string' ? to : '', data: data ?? '0x', value: BigInt(value ?? 0) }
}

/** What the chain says that it would take. A transaction that would fail is told by its error here, before anybody reads it. */
async function costOf(signer: Signer, sent: TransactionRequest): Promise<ReviewedTransaction['cost']> {
  const gas = await signer.estimateGas(sent)
  const price = await signer.provider?.getFeeData().then(
    ({ gasPrice }) => gasPrice,
    () => null,
  )
  return { gas, fee: price == null ? null : gas * price }
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
