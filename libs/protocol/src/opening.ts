import { Interface } from 'ethers'
import { accessRequestsAbi } from './abi/index.js'
import type { Hex } from './hex.js'
import type { MessageOf } from './messages/index.js'

const accessRequests = new Interface(accessRequestsAbi)

/**
 * The access request in the calldata of the transaction that opened it, with its trainer's signature; undefined when it
 * is no call of `open`: a contract may have passed it on. Nothing of it is checked.
 */
export function openingInCall(
  data: string,
): { request: MessageOf<'AccessRequest'>; signature: Hex } | undefined {
  const call = parse(data)
  if (call?.name !== 'open') return undefined
  const [given, signature] = call.args
  const { trainer, manifestRoot, manifestDocument, recipient, maxTotalPrice, salt, deadline } = given
  const { pool, purposes, count, expires } = given
  const request = {
    trainer,
    pool: Number(pool),
    purposes: Number(purposes),
    manifestRoot,
    manifestDocument,
    count: Number(count),
    recipient,
    maxTotalPrice,
    expires: Number(expires),
    salt,
    deadline,
  }
  return { request, signature }
}

function parse(data: string) {
  try {
    return accessRequests.parseTransaction({ data })
  } catch {
    return null
  }
}
