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
  SIGNATURE_CHECK_GAS,
} from '@granary/protocol'
import { Interface, ZeroAddress } from 'ethers'
import type { Call } from './call.js'
import type { View } from './chain.js'

const ERC1271 = new Interface(['function isValidSignature(bytes32, bytes) view returns (bytes4)'])
const ACCEPTED = '0x1626ba7e'
/** What a transaction costs before its first instruction, for the longest signature taken. */
const CALL_GAS = 300_000

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
  const call: Call<boolean> = {
    to: account,
    data: ERC1271.encodeFunctionData('isValidSignature', [digest, signature]) as Hex,
    gas: SIGNATURE_CHECK_GAS + CALL_GAS,
    decode: (returned) => returned.length === 66 && returned.startsWith(ACCEPTED),
  }
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
