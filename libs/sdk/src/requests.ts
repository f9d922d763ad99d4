import {
  documentDigest,
  GranaryError,
  type Hex,
  type ManifestBody,
  type MessageOf,
  manifestRoot,
  messageToJson,
  type OpenedRequest,
  type OpenRequestBody,
  type ProposedManifest,
  type PurposeName,
  purposesToBits,
  type RelayedResource,
  type RequestManifest,
  type RequestResource,
  type RequestsQuery,
  signMessage,
  structHash,
  type UseResource,
} from '@granary/protocol'
import { recipientToBytes } from '@granary/sealing'
import { hexlify, randomBytes } from 'ethers'
import type { Done } from './chain.js'
import { allPages, type Context, MESSAGE_LIFETIME, now, orMissing, until } from './context.js'
import { answerRequest } from './inbox.js'
import { signPayment } from './payment.js'
import { type Relayed, waitForRelay } from './relay.js'
import { checkStanzas } from './stanzas.js'

export interface Wish {
  pool: number
  /** Exactly one use, plus conditions such as `commercial`. */
  purposes: readonly PurposeName[] | readonly string[]
  /** Only these datasets; default: all whose consent fits. */
  datasets?: readonly Hex[]
  excludedOwners?: readonly string[]
  maxPerOwner?: number
}

export interface OpenOptions extends Wish {
  /** The age recipient (`age1…`) that everything is released to. On chain, cannot be changed later. */
  recipient: string
  /** The most the whole request may cost, in the token's smallest unit; default: what the proposal costs. */
  maxTotalPrice?: bigint
  /** Until when datasets may be fetched; default in 24 hours. */
  expires?: Date
  /** A proposal obtained before; default: a new one. It is checked either way. */
  proposal?: ProposedManifest
}

/** `price` is per use, `total` what went into escrow. */
export interface Opened {
  request: Hex
  count: number
  price: bigint
  total: bigint
  expires: Date
  transaction: Hex
  gasUsed: string | null
}

export interface Requests {
  /** What the API proposes for a wish, checked: root, digest, count and total are recomputed. Binds nobody. */
  propose(wish: Wish): Promise<ProposedManifest>
  /**
   * Signs and pays. Throws PRICE_ABOVE_MAXIMUM, BALANCE_TOO_LOW and, for a contract wallet without an allowance,
   * ALLOWANCE_TOO_LOW before the request is signed.
   */
  open(options: OpenOptions): Promise<Opened>
  /**
   * Lets AccessRequests take `value` for requests that the account signs, by a transaction of the account itself: for
   * contract wallets, which sign no permit. Waits until it is in a block.
   */
  approvePayment(value: bigint): Promise<Done>
  get(id: Hex): Promise<RequestResource>
  list(filter?: Pick<RequestsQuery, 'trainer' | 'status'>): AsyncGenerator<RequestResource>
  manifest(id: Hex): Promise<RequestManifest>
  /** Uses that are settled. */
  uses(id: Hex): AsyncGenerator<UseResource>
  /** Returns what was not spent, to the trainer, whoever asks. Throws REQUEST_NOT_REFUNDABLE. */
  refund(id: Hex): Promise<Relayed & { amount: bigint }>
  /**
   * The owner's yes or no to one dataset of a request, for datasets in ask mode. The request is read as it stands and
   * its manifest checked before anything is signed, see `inbox.review`, whose codes it throws. A no is final.
   */
  approve(id: Hex, dataset: Hex, granted: boolean): Promise<Relayed>
}

export function createRequests(context: Context): Requests {
  const get = (id: Hex) => context.callSigned<RequestResource>(`/v1/access-requests/${id}`)

  async function propose(wish: Wish): Promise<ProposedManifest> {
    // `open` hands in its options, too: only what a proposal asks for goes out.
    const { pool, datasets, excludedOwners, maxPerOwner } = wish
    const body = { pool, purposes: [...wish.purposes], datasets, excludedOwners, maxPerOwner } as ManifestBody
    const proposal = await context.callSigned<ProposedManifest>('/v1/access-requests/manifests', {
      method: 'POST',
      body,
      idempotent: true,
    })
    await checkProposal(proposal, wish)
    return proposal
  }

  return {
    propose,
    get,
    list: ({ trainer, status } = {}) => allPages(context, '/v1/access-requests', { trainer, status }, true),
    manifest: (id) => context.callSigned<RequestManifest>(`/v1/access-requests/${id}/manifest`),
    uses: (id) => allPages(context, `/v1/access-requests/${id}/releases`, {}, true),

    async open(options) {
      const { deployment } = await context.network()
      const trainer = await context.account()
      const recipient = hexlify(recipientToBytes(options.recipient)) as Hex
      const proposal = options.proposal ?? (await propose(options))
      if (options.proposal) await checkProposal(proposal, options)
      const total = BigInt(proposal.total)
      const maximum = options.maxTotalPrice ?? total
      if (total > maximum)
        throw new GranaryError(
          'PRICE_ABOVE_MAXIMUM',
          `${proposal.count} datasets cost ${total}, more than ${maximum}`,
        )
      await checkStanzas(context, proposal.document.datasets as Hex[])

      const request: MessageOf<'AccessRequest'> = {
        trainer,
        pool: options.pool,
        purposes: purposesToBits(options.purposes as readonly PurposeName[]),
        manifestRoot: proposal.root as Hex,
        manifestDocument: proposal.digest as Hex,
        count: proposal.count,
        recipient,
        maxTotalPrice: maximum,
        expires: options.expires ? Math.floor(options.expires.getTime() / 1000) : now() + 24 * 3600,
        salt: hexlify(randomBytes(32)) as Hex,
        deadline: BigInt(now() + MESSAGE_LIFETIME),
      }
      const permit = await signPayment(context, total)
      const body = {
        request: messageToJson('AccessRequest', request),
        signature: await signMessage(context.signer(), 'AccessRequest', request, deployment),
        permit,
      } as OpenRequestBody
      const id = structHash('AccessRequest', request)
      const answer = await context.callSigned<OpenedRequest>('/v1/access-requests', {
        method: 'POST',
        body,
        idempotent: true,
      })
      if (answer.id !== id)
        throw new GranaryError('ANSWER_INVALID', 'the API opened another request than the signed one')
      const relayed = await waitForRelay(context, answer.relay)
      await until(`request ${id} in the list`, () => orMissing(get(id)))
      return {
        request: id,
        count: proposal.count,
        price: BigInt(proposal.price),
        total,
        expires: new Date(request.expires * 1000),
        transaction: relayed.transaction,
        gasUsed: relayed.gasUsed,
      }
    },

    async approvePayment(value) {
      const { deployment } = await context.network()
      return (await context.chain()).send('token', 'approve', [deployment.accessRequests, value])
    },

    async refund(id) {
      const answer = await context.callSigned<RelayedResource>(`/v1/access-requests/${id}/refund`, {
        method: 'POST',
        body: {},
      })
      const relayed = await waitForRelay(context, answer.relay)
      const after = await until(`request ${id} as refunded`, async () => {
        const request = await get(id)
        return request.status === 'refunded' ? request : undefined
      })
      return { ...relayed, amount: BigInt(after.refunded) }
    },

    approve: (id, dataset, granted) => answerRequest(context, id, dataset, granted),
  }
}

/** Recomputes what the trainer is about to sign from the ids themselves. Throws MANIFEST_MISMATCH. */
export async function checkProposal(proposal: ProposedManifest, wish: Wish): Promise<void> {
  const { document } = proposal
  const ids = document.datasets as Hex[]
  const wrong = (what: string) =>
    new GranaryError('MANIFEST_MISMATCH', `the proposed manifest does not hold: ${what}`)
  const purposes = purposesToBits(wish.purposes as readonly PurposeName[])
  if (document.pool !== wish.pool) throw wrong('pool')
  if (document.purposes !== purposes) throw wrong('purposes')
  if (ids.length === 0 || ids.length !== proposal.count) throw wrong('count')
  if (manifestRoot(ids) !== proposal.root) throw wrong('root')
  if ((await documentDigest(document)).digest !== proposal.digest) throw wrong('digest')
  if (BigInt(proposal.price) * BigInt(proposal.count) !== BigInt(proposal.total)) throw wrong('total')
  if (!wish.datasets) return
  const wanted = new Set(wish.datasets.map((id) => id.toLowerCase()))
  if (ids.length !== wanted.size || ids.some((id) => !wanted.has(id))) throw wrong('datasets')
}
