import { GranaryError, type Hex, type PermitResource, permitTypedData } from '@granary/protocol'
import { Signature } from 'ethers'
import { type Context, MESSAGE_LIFETIME, now } from './context.js'

/**
 * What lets AccessRequests take `value` from the account: null where the allowance is there already, else an ERC-2612
 * permit for exactly this amount, so that a trainer needs neither gas nor an allowance. Only a key can sign a permit.
 *
 * @throws GranaryError BALANCE_TOO_LOW; ALLOWANCE_TOO_LOW for a contract wallet, which has to approve AccessRequests by a
 *   transaction of its own first
 */
export async function signPayment(context: Context, value: bigint): Promise<PermitResource | null> {
  const { deployment } = await context.network()
  const owner = await context.account()
  const { balance, allowance, isContract } = await (await context.chain()).funds(owner)
  if (balance < value)
    throw new GranaryError('BALANCE_TOO_LOW', `the request costs ${value}, the account has ${balance}`)
  if (allowance >= value) return null
  const needed = () =>
    new GranaryError(
      'ALLOWANCE_TOO_LOW',
      `a contract wallet cannot sign a permit: let it approve ${deployment.accessRequests} for ${value} of ` +
        `${deployment.token} first (it has approved ${allowance})`,
    )
  if (isContract || context.isContractWallet) throw needed()

  const { name, version, nonce } = await (await context.chain()).permitFacts(owner)
  const deadline = BigInt(now() + MESSAGE_LIFETIME)
  const typed = permitTypedData({
    token: deployment.token,
    tokenName: name,
    tokenVersion: version,
    chainId: deployment.chainId,
    owner,
    spender: deployment.accessRequests,
    value,
    nonce,
    deadline,
  })
  const signed = await context.signer().signTypedData(typed.domain, typed.types, typed.message)
  // A wallet that is not deployed yet looks like a key until it signs.
  if (!/^0x[0-9a-f]{130}$/i.test(signed)) throw needed()
  const { v, r, s } = Signature.from(signed)
  return { value: String(value), deadline: String(deadline), v, r: r as Hex, s: s as Hex }
}
