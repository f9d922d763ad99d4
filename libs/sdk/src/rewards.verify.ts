import {
  type Address,
  bitsToPurposes,
  datasetsRoot,
  GranaryError,
  type Hex,
  type MessageOf,
  type PurposeName,
  recoverSigner,
  type SettlementDocument,
  type SettlementReceipt,
  splitUse,
  structHash,
} from '@granary/protocol'
import { getAddress } from 'ethers'
import type { Chain, ChainRequest } from './chain.js'
import type { Context } from './context.js'
import type { Committee } from './network.js'
import { settlementDocument } from './settlement-document.js'

/** One amount as it is told: what it is held against the chain for. */
export interface ToldUse {
  request: Hex
  dataset: Hex
  /** In the token's smallest unit. */
  amount: string
  settlement: number
  /** Who is said to have used it, and for what; compared where they are given. */
  trainer?: string
  purposes?: readonly string[]
  /** The transaction that is said to have opened the request. */
  opened?: Hex
}

/** A use whose every step holds, from the request on chain to the amount. */
export interface VerifiedUse {
  request: Hex
  dataset: Hex
  amount: string
  /** The settlement on chain, and its document, whose digest is there. */
  settlement: { number: number; document: Hex; root: Hex }
  trainer: Address
  purposes: PurposeName[]
  /** What the trainer paid for the use; `amount` is the owner's part of it. */
  price: string
  /** `t` of the members, and the receipts that were checked against their accounts on chain. Time in Unix seconds. */
  threshold: number
  epoch: number
  receipts: { account: Address; member: number; time: number }[]
  /** `read`: found in the opening transaction and recovered here. Else the contract alone has checked it. */
  trainerSignature: 'read' | 'left-to-contract'
  endpoint: Chain['endpoint']
}

/** Verifies uses one after the other; what several have in common is read once. */
export type UseVerifier = (account: Address, use: ToldUse) => Promise<VerifiedUse>

/**
 * Follows an amount from its settlement on chain through the document to the receipts, and believes the API nothing:
 * the document hashes to the digest on chain; it pays this account this amount for this dataset under this request; the
 * dataset is the account's, by chain; the request exists there, its price and split give the amount; t custodians of an
 * epoch on chain signed receipts for it; the trainer's signature is read from the transaction where that can be had.
 * What it does not show: that no other use was left out, and what the trainer did with the data.
 *
 * @throws GranaryError SETTLEMENT_UNKNOWN, SETTLEMENT_DOCUMENT_UNAVAILABLE, DOCUMENT_MISMATCH, DOCUMENT_INVALID,
 *   REWARDS_MISMATCH, NOT_OWNER, SETTLEMENT_AMOUNT_WRONG, RECEIPT_INVALID, RECEIPTS_TOO_FEW, REQUEST_UNKNOWN,
 *   EPOCH_UNKNOWN, CHAIN_UNAVAILABLE
 */
export function createUseVerifier(context: Context): UseVerifier {
  const settlements = once((number: number) => readSettlement(context, number))
  const requests = once(async (id: Hex) => (await context.chain()).request(id))
  const committees = once(async (epoch: number) => (await context.chain()).committee(epoch))

  return async (whose, told) => {
    const account = getAddress(whose) as Address
    const chain = await context.chain()
    const { document, digest, root } = await settlements(told.settlement)
    const use = document.uses.find(
      ({ request, dataset }) => request === told.request && dataset === told.dataset,
    )
    if (!use) throw mismatch(`settlement ${told.settlement} does not pay for this use`)
    if (use.owner !== account) throw mismatch('the settlement pays somebody else for this use')
    if (use.earned !== told.amount)
      throw mismatch(`the settlement pays ${use.earned} for this use, not ${told.amount}`)
    const onChain = await chain.dataset(told.dataset)
    if (onChain?.owner !== account) throw new GranaryError('NOT_OWNER', { dataset: told.dataset })

    const request = await requests(told.request)
    checkTold(request, told)
    const receipts = use.receipts.map((place) => document.receipts[place])
    const epoch = receipts[0]?.epoch ?? 0
    const committee = await committees(epoch)
    const { deployment } = await context.network()
    const seen = receipts.map((receipt) => checkReceipt(receipt, told, committee, deployment))
    if (new Set(seen.map(({ account }) => account)).size !== seen.length || seen.length < committee.threshold)
      throw new GranaryError('RECEIPTS_TOO_FEW')
    const parts = splitUse({
      price: request.price,
      treasuryBps: request.treasuryBps,
      custodiansBps: request.custodiansBps,
      custodians: [],
      owner: account,
      // Only the owner's part matters here, so nobody else may be the owner.
      treasury: document.treasury === account ? OTHER : document.treasury,
    })
    if (use.price !== String(request.price) || parts.get(account) !== BigInt(use.earned))
      throw new GranaryError('SETTLEMENT_AMOUNT_WRONG', { number: told.settlement })
    return {
      request: told.request,
      dataset: told.dataset,
      amount: use.earned,
      settlement: { number: told.settlement, document: digest, root },
      trainer: request.trainer,
      purposes: bitsToPurposes(request.purposes),
      price: use.price,
      threshold: committee.threshold,
      epoch,
      receipts: seen,
      trainerSignature: await trainerSignature(context, request, told),
      endpoint: chain.endpoint,
    }
  }
}

/** An account that is nobody's. */
const OTHER: Address = '0x0000000000000000000000000000000000000001'

async function readSettlement(
  context: Context,
  number: number,
): Promise<{ document: SettlementDocument; digest: Hex; root: Hex }> {
  const found = await (await context.chain()).settlement(number)
  if (!found) throw new GranaryError('SETTLEMENT_UNKNOWN', { number })
  const document = await settlementDocument(context, found.document)
  const { chainId } = await context.network()
  if (document.number !== number || document.chainId !== chainId || document.root !== found.root)
    throw new GranaryError('DOCUMENT_MISMATCH', `the document is not that of settlement ${number}`)
  return { document, digest: found.document, root: found.root }
}

function checkTold(request: ChainRequest, { trainer, purposes }: ToldUse): void {
  if (trainer !== undefined && trainer.toLowerCase() !== request.trainer.toLowerCase())
    throw mismatch('on chain the request is of another trainer')
  const found = bitsToPurposes(request.purposes)
  if (purposes && [...purposes].sort().join() !== [...found].sort().join())
    throw mismatch('on chain the request is for another purpose')
}

/** That a member of the epoch signed for this dataset under this request. */
function checkReceipt(
  receipt: SettlementReceipt | undefined,
  { request, dataset }: ToldUse,
  committee: Committee,
  deployment: Parameters<typeof recoverSigner>[3],
): VerifiedUse['receipts'][number] {
  const member = committee.members.find(({ account }) => account === receipt?.member)
  if (!receipt || !member) throw new GranaryError('RECEIPT_INVALID', 'it is not signed by a custodian')
  const { epoch, order, datasets, time, signature, passed } = receipt
  const message: MessageOf<'Receipt'> = { request, epoch, order, datasets, time }
  const isSound = () =>
    receipt.request === request &&
    epoch === committee.epoch &&
    passed.includes(dataset) &&
    datasetsRoot(passed as Hex[]) === datasets &&
    recoverSigner('Receipt', message, signature, deployment) === member.account
  if (!holds(isSound)) throw new GranaryError('RECEIPT_INVALID', { member: member.index })
  return { account: member.account, member: member.index, time }
}

function holds(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}

/** A contract wallet's signature, and one that a contract passed on, was for the contract on chain to check. */
async function trainerSignature(
  context: Context,
  { trainer }: ChainRequest,
  { request: id, opened }: ToldUse,
): Promise<VerifiedUse['trainerSignature']> {
  if (!opened) return 'left-to-contract'
  const found = await (await context.chain()).opening(opened).catch(() => null)
  if (!found || structHash('AccessRequest', found.request) !== id) return 'left-to-contract'
  const { deployment } = await context.network()
  const isTheirs = () =>
    recoverSigner('AccessRequest', found.request, found.signature, deployment) === trainer
  return holds(isTheirs) ? 'read' : 'left-to-contract'
}

const mismatch = (why: string) => new GranaryError('REWARDS_MISMATCH', why)

/** Remembers what was found by key; a failure is asked for again. */
function once<K, V>(read: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>()
  return (key) => {
    const found = known.get(key) ?? read(key)
    known.set(key, found)
    found.catch(() => known.delete(key))
    return found
  }
}
