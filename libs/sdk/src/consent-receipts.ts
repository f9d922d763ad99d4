import {
  CONSENT_RECEIPT_VERSION,
  CONTRACT_ABIS,
  type ConsentEvent,
  type ConsentEvidence,
  type ConsentMessageResource,
  cidToContent,
  consentEvidenceSchema,
  consentMessagesIn,
  consentReceiptBytes,
  consentSignedBy,
  type DatasetResource,
  deriveConsentReceipt,
  GranaryError,
  type Hex,
  isConsentOf,
  MAX_CONSENT_RECEIPT_EVENTS,
  messageToJson,
  type PoolResource,
  purposesToBits,
  readFlags,
  type VerifiedConsent,
  verifyConsentReceipt,
} from '@granary/protocol'
import { Contract, type InterfaceAbi, type Provider } from 'ethers'
import { allPages, type Context } from './context.js'

/** A receipt that the chain bears out. */
export interface ConfirmedConsent extends VerifiedConsent {
  /** Whether the last thing it says is what the chain says now; false after a later change or withdrawal. */
  current: boolean
  /** Whether the dataset is withdrawn now. */
  withdrawnNow: boolean
}

export interface ConsentReceipts {
  /**
   * The consent receipt of a dataset, made of what its owner signed, and checked before it is handed out. Needs no signer.
   *
   * @throws GranaryError DATASET_UNKNOWN, CONSENT_SIGNATURE_UNAVAILABLE, and the codes of `verifyConsentReceipt`
   */
  get(dataset: Hex): Promise<{ bytes: Uint8Array; verified: VerifiedConsent }>
  /**
   * Checks a receipt as `verifyConsentReceipt` does and then against the chain: its network, that every message was taken
   * in the transaction and at the time that it names (so the registry itself found the signature good, a contract wallet's
   * too), the pool's terms, and whether anything came after.
   *
   * @throws GranaryError CONSENT_RECEIPT_OTHER_NETWORK, CONSENT_RECEIPT_NOT_ON_CHAIN, CHAIN_UNAVAILABLE, and the codes of
   *   `verifyConsentReceipt`
   */
  verify(bytes: Uint8Array): Promise<ConfirmedConsent>
}

export function createConsentReceipts(context: Context): ConsentReceipts {
  return {
    get: (dataset) => get(context, dataset),
    verify: (bytes) => verify(context, bytes),
  }
}

async function get(context: Context, id: Hex): Promise<{ bytes: Uint8Array; verified: VerifiedConsent }> {
  const { chainId, deployment } = await context.network()
  const dataset = await context.call<DatasetResource>(`/v1/datasets/${id}`)
  const pool = await context.call<PoolResource>(`/v1/pools/${dataset.pool}`)
  const { datasetRegistry, trainerRegistry, accessRequests, timelock } = deployment
  const contracts = { chainId, datasetRegistry, trainerRegistry, accessRequests, timelock }
  const events: unknown[] = []
  for await (const item of allPages<ConsentMessageResource>(context, `/v1/datasets/${id}/consents`, {
    limit: 50,
  })) {
    // A withdrawal is final and may be repeated: the first one counts.
    if (item.type === 'Withdrawal' && (events.at(-1) as ConsentEvent | undefined)?.type === 'Withdrawal')
      continue
    if (!item.signed)
      throw new GranaryError('CONSENT_SIGNATURE_UNAVAILABLE', { transaction: item.transaction })
    const { signed, ...place } = item
    events.push({ ...place, ...signed, signedBy: 'key' })
    if (events.length > MAX_CONSENT_RECEIPT_EVENTS) events.splice(1, 1)
  }
  const evidence = consentEvidenceSchema.safeParse({
    version: CONSENT_RECEIPT_VERSION,
    contracts,
    terms: cidToContent(pool.terms).content,
    metadata: dataset.metadata,
    events,
  })
  if (!evidence.success)
    throw new GranaryError('ANSWER_INVALID', `what the API says of ${id} makes no receipt`)
  const owner = dataset.owner as Hex
  for (const event of evidence.data.events) event.signedBy = consentSignedBy(event, { contracts }, owner)
  const bytes = consentReceiptBytes(deriveConsentReceipt(evidence.data))
  const verified = await verifyConsentReceipt(bytes, { chainFollows: true })
  if (verified.dataset !== id)
    throw new GranaryError('ANSWER_INVALID', `the API names other messages than ${id}’s`)
  return { bytes, verified }
}

async function verify(context: Context, bytes: Uint8Array): Promise<ConfirmedConsent> {
  const verified = await verifyConsentReceipt(bytes, { chainFollows: true })
  const { evidence, dataset, pool } = verified
  const { chainId, deployment } = await context.network()
  const { contracts } = evidence
  const names = ['datasetRegistry', 'trainerRegistry', 'accessRequests', 'timelock'] as const
  if (contracts.chainId !== chainId || names.some((name) => contracts[name] !== deployment[name]))
    throw new GranaryError('CONSENT_RECEIPT_OTHER_NETWORK', {
      chainId: contracts.chainId,
      registry: contracts.datasetRegistry,
    })
  const { provider } = await context.chain()
  const abi = CONTRACT_ABIS.datasetRegistry as unknown as InterfaceAbi
  const registry = new Contract(deployment.datasetRegistry, abi, provider)
  for (const event of evidence.events) await requireOnChain(provider, registry, evidence, dataset, event)
  const { terms } = await registry.pool!(pool)
  if (terms !== evidence.terms)
    throw new GranaryError('CONSENT_RECEIPT_NOT_ON_CHAIN', `the terms of pool ${pool} are others`)
  const now = await registry.dataset!(dataset)
  const flags = readFlags(Number(now.flags))
  const same =
    Number(now.purposes) === purposesToBits(verified.purposes) &&
    Number(now.expires) === verified.expires &&
    flags.ask === verified.ask
  // Of a withdrawn dataset the registry keeps nothing else.
  const current = flags.withdrawn === verified.withdrawn && (flags.withdrawn || same)
  return { ...verified, current, withdrawnNow: flags.withdrawn }
}

/** @throws GranaryError CONSENT_RECEIPT_NOT_ON_CHAIN */
async function requireOnChain(
  provider: Provider,
  registry: Contract,
  { contracts }: ConsentEvidence,
  dataset: Hex,
  event: ConsentEvent,
): Promise<void> {
  const refuse = (reason: string) =>
    new GranaryError('CONSENT_RECEIPT_NOT_ON_CHAIN', `the ${event.type} in ${event.transaction}: ${reason}`)
  const [transaction, receipt] = await Promise.all([
    provider.getTransaction(event.transaction),
    provider.getTransactionReceipt(event.transaction),
  ])
  if (!transaction || !receipt) throw refuse('this endpoint does not have the transaction')
  if (receipt.status !== 1 || receipt.blockNumber !== event.block) throw refuse('it is in another block')
  const block = await provider.getBlock(receipt.blockNumber)
  if (block?.timestamp !== Math.floor(Date.parse(event.time) / 1000)) throw refuse('it is of another time')
  const json = messageToJson(event.type, event.message as never)
  const signed = { type: event.type, message: json, signature: event.signature as Hex }
  const given = consentMessagesIn(transaction.data).some(
    (one) => JSON.stringify(one) === JSON.stringify(signed),
  )
  if (!given) throw refuse('another message or signature was given there')
  const taken = receipt.logs.some((log) => {
    if (log.address.toLowerCase() !== contracts.datasetRegistry.toLowerCase()) return false
    const said = registry.interface.parseLog(log)
    if (!said || EVENTS[event.type] !== said.name) return false
    return said.args.dataset === dataset && isConsentOf(signed as never, dataset, said.args.toObject())
  })
  if (!taken) throw refuse('the registry did not take it there')
}

const EVENTS = {
  Contribution: 'Contributed',
  ConsentUpdate: 'ConsentUpdated',
  Withdrawal: 'Withdrawn',
} as const
