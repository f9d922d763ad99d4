import { getAddress, type Provider, recoverAddress, Signature, type Signer } from 'ethers'
import type { Deployment } from '../deployment.js'
import { GranaryError } from '../errors.js'
import type { Address, Hex } from '../hex.js'
import type { MessageName, MessageOf } from './catalogue.js'
import { definition, messageDigest } from './hash.js'
import { typedData } from './typed-data.js'
import { isFailedCall, isWrappedSignature, walletAccepts, walletCheck } from './wallet-check.js'

/** Half of secp256k1's order: contracts take no signature with a larger s. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** An account's own key, or the code at the account. */
export type SignedBy = 'key' | 'wallet'

/**
 * Has `signer` sign a message; 65 bytes r, s, v with v 27 or 28, or whatever a contract account's wallet makes.
 *
 * @throws whatever the signer throws, and GranaryError MESSAGE_INVALID
 */
export async function signMessage<N extends MessageName>(
  signer: Pick<Signer, 'signTypedData'> & Partial<Pick<Signer, 'getAddress'>>,
  name: N,
  message: MessageOf<N>,
  deployment: Deployment,
): Promise<Hex> {
  const digest = messageDigest(name, message, domainOf(name, deployment))
  const { domain, types } = typedData(name, message, deployment)
  const signature = (await signer.signTypedData(domain, types, message)).toLowerCase() as Hex
  // Some hardware wallets answer v as 0 or 1, which no contract takes. A contract wallet means something else by it.
  if (!/^0x[0-9a-f]{128}0[01]$/.test(signature)) return signature
  const usual = `${signature.slice(0, 130)}${signature.endsWith('0') ? '1b' : '1c'}` as Hex
  return recover(digest, usual) === (await signer.getAddress?.()) ? usual : signature
}

/**
 * The account that signed, by ECDSA and as strictly as the contracts: 65 bytes, v 27 or 28, low s.
 *
 * @throws GranaryError SIGNATURE_INVALID, MESSAGE_INVALID
 */
export function recoverSigner<N extends MessageName>(
  name: N,
  message: MessageOf<N>,
  signature: string,
  deployment: Deployment,
): Address {
  const signer = recover(messageDigest(name, message, domainOf(name, deployment)), signature)
  if (signer === undefined) throw new GranaryError('SIGNATURE_INVALID')
  return signer
}

/**
 * Checks that `account` signed, by the contracts' rule: ECDSA recovery first, then, when a provider is given and the
 * account has code, ERC-1271 with at most 150,000 gas at `blockTag`. Answers which of the two it was.
 *
 * @throws GranaryError SIGNATURE_INVALID, MESSAGE_INVALID, ACCOUNT_NOT_DEPLOYED (wrapped by ERC-6492, and no code
 *   there); and what the provider throws when it cannot be reached
 */
export async function checkSignature<N extends MessageName>(options: {
  name: N
  message: MessageOf<N>
  signature: string
  account: Address
  deployment: Deployment
  provider?: Provider
  blockTag?: string | number
}): Promise<SignedBy> {
  const { name, message, signature, account, deployment, provider, blockTag } = options
  const digest = messageDigest(name, message, domainOf(name, deployment))
  if (recover(digest, signature) === getAddress(account)) return 'key'
  if (provider !== undefined && (await contractAccepts(provider, account, digest, signature, blockTag)))
    return 'wallet'
  throw new GranaryError('SIGNATURE_INVALID', { account })
}

function domainOf(name: MessageName, deployment: Deployment) {
  return { chainId: deployment.chainId, verifyingContract: deployment[definition(name).contract] }
}

function recover(digest: Hex, signature: string): Address | undefined {
  if (!/^0x[0-9a-fA-F]{128}1[bcBC]$/.test(signature)) return undefined
  if (BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER) return undefined
  try {
    return recoverAddress(digest, Signature.from(signature)) as Address
  } catch {
    return undefined
  }
}

async function contractAccepts(
  provider: Provider,
  account: Address,
  digest: Hex,
  signature: string,
  blockTag: string | number = 'latest',
): Promise<boolean> {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(signature)) return false
  if ((await provider.getCode(account, blockTag)) === '0x') {
    if (isWrappedSignature(signature)) throw new GranaryError('ACCOUNT_NOT_DEPLOYED', { account })
    return false
  }
  const { gas: gasLimit, ...call } = walletCheck(account, digest, signature as Hex)
  try {
    return walletAccepts(await provider.call({ ...call, gasLimit, blockTag }))
  } catch (error) {
    if (isFailedCall(error)) return false
    throw error
  }
}
