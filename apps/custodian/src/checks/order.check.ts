// Check 1: the order is signed by the request's trainer, in time, for this chain and contract.
import { type Deployment, datasetsRoot, GranaryError, type SignedOrder } from '@granary/protocol'
import { ZeroAddress } from 'ethers'
import type { View } from '../chain/chain.js'
import type { RequestRecord } from '../chain/contracts.js'
import { isSignedBy } from '../chain/signatures.js'

/**
 * An order signed for another chain or contract has another digest, so its signature is somebody else's.
 *
 * @param request the request as confirmed; unknown requests have no trainer
 * @throws GranaryError ORDER_DATASETS_MISMATCH, DATASETS_NOT_ASCENDING, REQUEST_UNKNOWN, ORDER_SIGNATURE_INVALID,
 *   ORDER_EXPIRED
 */
export async function checkOrder(
  view: View,
  deployment: Deployment,
  signed: SignedOrder,
  request: RequestRecord | null,
): Promise<RequestRecord> {
  const { order, signature, datasets } = signed
  if (datasetsRoot(datasets.map(({ dataset }) => dataset)) !== order.datasets) {
    throw new GranaryError('ORDER_DATASETS_MISMATCH')
  }
  if (request === null || request.trainer === ZeroAddress) {
    throw new GranaryError('REQUEST_UNKNOWN', { request: order.request })
  }
  const message = {
    account: request.trainer,
    name: 'ReleaseOrder',
    message: order,
    signature,
    deployment,
  } as const
  if (!(await isSignedBy(view, message))) throw new GranaryError('ORDER_SIGNATURE_INVALID')
  if (BigInt(view.time) > order.deadline)
    throw new GranaryError('ORDER_EXPIRED', { deadline: order.deadline })
  return request
}
