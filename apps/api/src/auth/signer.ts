import { type Hex, isFailedCall } from '@granary/protocol'
import { AbiCoder, concat, hashMessage, type JsonRpcProvider, toQuantity, verifyMessage } from 'ethers'
import { asUnavailable } from '../chain/chain.errors.js'
import { SIGN_IN_VALIDATOR } from './sign-in-validator.bytecode.js'

/**
 * What the check of a contract wallet may use: its factory (ERC-6492), then its own code. It bounds what a stranger has
 * the node run; the signature's size is bounded by its schema, the call's time by the provider.
 */
const GAS = 3_000_000

/**
 * Whether `account` signed a sign-in text (EIP-191): its key, which is asked for nothing, else its contract wallet, also
 * one that is not deployed yet. The wallet's code and its factory run in an `eth_call`, which leaves nothing behind.
 *
 * @throws GranaryError CHAIN_UNAVAILABLE
 */
export async function isSignedBy(
  provider: JsonRpcProvider,
  account: string,
  text: string,
  signature: string,
): Promise<boolean> {
  if (recover(text, signature) === account) return true
  const data = validation(account, hashMessage(text) as Hex, signature as Hex)
  try {
    return (await provider.send('eth_call', [{ data, gas: toQuantity(GAS) }, 'latest'])) === '0x01'
  } catch (error) {
    return isFailedCall(error) ? false : asUnavailable(error)
  }
}

/** The validator's creation code with its arguments: see contracts/src/SignInValidator.sol. */
function validation(account: string, digest: Hex, signature: Hex): string {
  const values = AbiCoder.defaultAbiCoder().encode(
    ['address', 'bytes32', 'bytes'],
    [account, digest, signature],
  )
  return concat([SIGN_IN_VALIDATOR, values])
}

function recover(text: string, signature: string): string | null {
  try {
    return verifyMessage(text, signature)
  } catch {
    return null
  }
}
