import {
  datasetId,
  datasetsRoot,
  GranaryError,
  type Hex,
  type MessageOf,
  manifestRoot,
  messageDigest,
  messageToJson,
  type RequestManifest,
  type signedOrderSchema,
  signMessage,
} from '@granary/protocol'
import type { z } from 'zod'
import type { ChainRequest } from './chain.js'
import { type Context, now } from './context.js'

/** A dataset of a request's manifest. */
export interface ManifestEntry {
  dataset: Hex
  content: Hex
  cid: string
  owner: Hex
  /** Position in the manifest. */
  index: number
}

/** A signed order as it goes over the wire. */
export type OrderJson = z.input<typeof signedOrderSchema>

/** How long custodians may act on an order, in seconds. */
const ORDER_LIFETIME = 600

/**
 * The datasets of a request, checked against what the trainer signed: the ids must hash to the root that the chain
 * keeps, and each content must be that of its id. Throws MANIFEST_MISMATCH.
 */
export function checkedEntries(manifest: RequestManifest, request: ChainRequest): ManifestEntry[] {
  const ids = manifest.document.datasets as Hex[]
  if (ids.length !== request.count || manifestRoot(ids) !== request.manifestRoot)
    throw new GranaryError(
      'MANIFEST_MISMATCH',
      'the API gives another manifest than the one that the request names',
    )
  const contents = new Map(manifest.contents.map((entry) => [entry.dataset, entry]))
  return ids.map((dataset, index) => {
    const entry = contents.get(dataset)
    if (!entry || datasetId(entry.owner as Hex, entry.content as Hex) !== dataset)
      throw new GranaryError('MANIFEST_MISMATCH', `the API gives no content that belongs to ${dataset}`, {
        detail: { dataset },
      })
    return { dataset, content: entry.content as Hex, cid: entry.cid, owner: entry.owner as Hex, index }
  })
}

/** The trainer's order for some datasets of a request, at most 256, ids ascending. `digest` is what receipts name. */
export async function signOrder(
  context: Context,
  request: Hex,
  entries: readonly ManifestEntry[],
  proofOf: (index: number) => Hex[],
): Promise<{ order: OrderJson; digest: Hex }> {
  const { deployment, chainId } = await context.network()
  const message: MessageOf<'ReleaseOrder'> = {
    request,
    datasets: datasetsRoot(entries.map((entry) => entry.dataset)),
    deadline: BigInt(now() + ORDER_LIFETIME),
  }
  const signature = await signMessage(context.signer(), 'ReleaseOrder', message, deployment)
  const order: OrderJson = {
    order: messageToJson('ReleaseOrder', message),
    signature,
    datasets: entries.map(({ dataset, content, index }) => ({
      dataset,
      content,
      index,
      proof: proofOf(index),
    })),
  }
  const digest = messageDigest('ReleaseOrder', message, {
    chainId,
    verifyingContract: deployment.accessRequests as Hex,
  })
  return { order, digest }
}
