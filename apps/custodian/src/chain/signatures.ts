// Who signed: ECDSA recovery first, then the account's own contract, as the contracts themselves do.
import {
  type Address,
  type Deployment,
  type Hex,
  MESSAGES,
  type MessageName,
  type MessageOf,
  messageDigest,
  recoverSigner,
  walletAccepts,
  walletCheck,
} from '@granary/protocol'
import { ZeroAddress } from 'ethers'
import type { Call } from './call.js'
import type { View } from './chain.js'

/** Whether `account` signed; ERC-1271 is asked at the view's confirmed block. Malformed signatures are false. */
export async function isSignedBy<N extends MessageName>(
  view: View,
  options: { account: Address; name: N; message: MessageOf<N>; signature: Hex; deployment: Deployment },
): Promise<boolean> {
  const { account, name, message, signature, deployment } = options
  if (account === ZeroAddress) return false
  if (recovered(name, message, signature, deployment) === account) return true
  const { chainId } = deployment
  const digest = messageDigest(name, message, {
    chainId,
    verifyingContract: deployment[MESSAGES[name].contract],
  })
  const call: Call<boolean> = { ...walletCheck(account, digest, signature), decode: walletAccepts }
  const [accepted] = await view.confirmed([call])
  return accepted === true
}

/** The account of an ECDSA signature, undefined when it is none. */
export function recovered<N extends MessageName>(
  name: N,
  message: MessageOf<N>,
  signature: Hex,
  deployment: Deployment,
): Address | undefined {
  try {
    return recoverSigner(name, message, signature, deployment)
  } catch {
    return undefined
  }
}
