import {
  type Address,
  type AnswerItem,
  bitsToPurposes,
  GranaryError,
  type Hex,
  type InboxItem,
  type MessageOf,
  messageToJson,
  type PurposeName,
  type RelayedResource,
  type RequestManifest,
  signMessage,
} from '@granary/protocol'
import { allPages, type Context, MESSAGE_LIFETIME, now, until } from './context.js'
import { checkedEntries } from './order.js'
import { type Relayed, waitForRelay } from './relay.js'

/** A request as it stands on chain, for one of its datasets: what an owner says yes or no to. `price` is per use. */
export interface Review {
  request: Hex
  dataset: Hex
  trainer: Address
  pool: number
  purposes: PurposeName[]
  /** Datasets that it asks for altogether. */
  count: number
  price: bigint
  expires: Date
  /** The X25519 key (32 bytes) that everything is released to. */
  recipient: Hex
}

export interface Inbox {
  /** What open requests ask of the signer's datasets in ask mode and has no answer yet, newest request first. */
  list(): AsyncGenerator<InboxItem>
  /** Every answer that the signer gave, newest first, as the API tells. */
  history(): AsyncGenerator<AnswerItem>
  /**
   * The request, read from the chain, after checking that its manifest names this dataset and that the signer owns it.
   * Throws REQUEST_UNKNOWN, REQUEST_EXPIRED, REQUEST_IS_FINAL, REQUEST_IS_REFUNDED, MANIFEST_MISMATCH,
   * DATASET_NOT_IN_MANIFEST, NOT_OWNER.
   */
  review(request: Hex, dataset: Hex): Promise<Review>
}

export function createInbox(context: Context): Inbox {
  return {
    async *list() {
      yield* allPages<InboxItem>(context, '/v1/approvals', {
        owner: await context.account(),
        status: 'pending',
      })
    },
    async *history() {
      yield* allPages<AnswerItem>(context, '/v1/approvals/history', { owner: await context.account() })
    },
    review: (request, dataset) => review(context, request, dataset),
  }
}

async function review(context: Context, request: Hex, dataset: Hex): Promise<Review> {
  const account = await context.account()
  const found = await (await context.chain()).request(request)
  if (found.refunded) throw new GranaryError('REQUEST_IS_REFUNDED')
  if (found.isFinal) throw new GranaryError('REQUEST_IS_FINAL')
  if (found.expires <= now()) throw new GranaryError('REQUEST_EXPIRED')
  const manifest = await context.call<RequestManifest>(`/v1/access-requests/${request}/manifest`)
  const entry = checkedEntries(manifest, found).find((one) => one.dataset === dataset)
  if (!entry) throw new GranaryError('DATASET_NOT_IN_MANIFEST', `the request does not ask for ${dataset}`)
  if (entry.owner !== account) throw new GranaryError('NOT_OWNER', `${dataset} belongs to ${entry.owner}`)
  const { trainer, pool, purposes, count, price, expires, recipient } = found
  return {
    request,
    dataset,
    trainer,
    pool,
    purposes: bitsToPurposes(purposes),
    count,
    price,
    expires: new Date(expires * 1000),
    recipient,
  }
}

/** Signs the owner's answer after `review`, has it relayed, and waits until the inbox shows it as answered. */
export async function answerRequest(
  context: Context,
  request: Hex,
  dataset: Hex,
  granted: boolean,
): Promise<Relayed> {
  await review(context, request, dataset)
  const { deployment } = await context.network()
  const approval: MessageOf<'Approval'> = {
    request,
    dataset,
    granted,
    deadline: BigInt(now() + MESSAGE_LIFETIME),
  }
  const signature = await signMessage(context.signer(), 'Approval', approval, deployment)
  const answer = await context.callSigned<RelayedResource>(`/v1/access-requests/${request}/approvals`, {
    method: 'POST',
    body: { approval: messageToJson('Approval', approval), signature },
    idempotent: true,
  })
  const relayed = await waitForRelay(context, answer.relay)
  const wanted = granted ? 'granted' : 'refused'
  await until(`the answer to ${request} in the list`, async () => {
    for await (const one of allPages<InboxItem>(context, `/v1/access-requests/${request}/approvals`, {}))
      if (one.dataset === dataset) return one.status === wanted ? true : undefined
    return true // no longer in ask mode: the answer does not show and does not matter
  })
  return relayed
}
