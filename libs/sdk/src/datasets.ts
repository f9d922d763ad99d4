import {
  type ConsentBody,
  type DatasetFacets,
  type DatasetFormat,
  type DatasetOrder,
  type DatasetResource,
  datasetId,
  type ErasureResource,
  GranaryError,
  type Hex,
  type HistoryItem,
  type MessageOf,
  messageToJson,
  type PurposeName,
  purposesToBits,
  type RelayedResource,
  type StorageResource,
  signMessage,
  type WithdrawalBody,
} from '@granary/protocol'
import { allPages, type Context, MESSAGE_LIFETIME, now, until } from './context.js'
import type { FetchedFile } from './fetch.js'
import { type OpenOwnOptions, openOwn, releaseOwn } from './own.js'
import { type Relayed, waitForRelay } from './relay.js'
import type { Released } from './release.js'

export interface DatasetFilter {
  owner?: string
  pool?: number
  /** Only datasets whose consent allows all of these now. */
  purposes?: readonly string[]
  /** Words, or their beginnings, of title and description; all of them. */
  q?: string
  /** Any of these. */
  formats?: readonly DatasetFormat[]
  ask?: boolean
  status?: DatasetResource['status']
  /** Of the plaintext in bytes: `minSize` included, `maxSize` not. */
  minSize?: number
  maxSize?: number
  /** Days of registration, `2026-11-26`: `since` included, `before` not. */
  since?: string
  before?: string
}

export interface Consent {
  purposes: readonly PurposeName[] | readonly string[]
  /** Null = until withdrawn. */
  expires: Date | null
  ask: boolean
}

export interface ChangeOptions {
  /** Called once it is signed and the API has it: the next one can be signed while this one is written on chain. */
  onSent?: () => void
}

export interface Datasets {
  list(filter?: DatasetFilter, sort?: DatasetOrder): AsyncGenerator<DatasetResource>
  /** How many datasets there are, and how many each further choice would leave. */
  facets(filter?: DatasetFilter): Promise<DatasetFacets>
  get(id: Hex): Promise<DatasetResource>
  /** Everything that ever happened to it, newest first. */
  history(id: Hex): AsyncGenerator<HistoryItem>
  /** Replaces purposes, expiry and mode for the future. Signed by the owner. */
  updateConsent(id: Hex, consent: Consent, options?: ChangeOptions): Promise<Relayed>
  /** Final: stops every future release. It cannot take back what a trainer already has. */
  withdraw(id: Hex, options?: ChangeOptions): Promise<Relayed>
  /** Where its sealed file lies, when it was checked, and what became of it there. */
  storage(id: Hex): Promise<StorageResource>
  /**
   * Has the sealed file of a withdrawn dataset deleted wherever the operator controls it, for good. It cannot recall copies
   * elsewhere nor what a trainer already has. Resolves once the wish is written down: `storage` tells when it is done.
   * `kept` = another dataset has the same content. @throws GranaryError NOT_OWNER, DATASET_NOT_WITHDRAWN
   */
  erase(id: Hex): Promise<ErasureResource>
  /** One's own data back, by the recovery file's identity or by the custodians; also of a withdrawn dataset. */
  open(id: Hex, options: OpenOwnOptions): Promise<FetchedFile>
  /** The custodians' half of that, which the owner signs; what it gives is plain data, to open with elsewhere. */
  release(id: Hex, signal?: AbortSignal): Promise<Released>
}

/** Seconds by which a chain's clock may be behind this one: a consent from the future would be refused. */
const CLOCK_MARGIN = 5

export function createDatasets(context: Context): Datasets {
  const get = (id: Hex) => context.call<DatasetResource>(`/v1/datasets/${id}`)
  const own = async (id: Hex) => {
    const dataset = await get(id)
    const account = await context.account()
    if (dataset.owner !== account) throw new GranaryError('NOT_OWNER', `${id} belongs to ${dataset.owner}`)
    return { dataset, account }
  }
  return {
    list: (filter = {}, sort) => allPages(context, '/v1/datasets', { ...queryOf(filter), sort }),
    facets(filter = {}) {
      const given = Object.entries(queryOf(filter)).filter(([, value]) => value !== undefined)
      const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
      return context.call<DatasetFacets>(`/v1/datasets/facets?${query}`)
    },
    get,
    open: (id, options) => openOwn(context, id, options),
    release: (id, signal) => releaseOwn(context, id, signal),
    storage: (id) => context.call<StorageResource>(`/v1/datasets/${id}/storage`),
    erase: (id) =>
      context.callSigned<ErasureResource>(`/v1/datasets/${id}/erasure`, { method: 'POST', idempotent: true }),
    history: (id) => allPages(context, `/v1/datasets/${id}/history`, {}),
    async updateConsent(id, consent, options) {
      const { deployment } = await context.network()
      await own(id)
      const update: MessageOf<'ConsentUpdate'> = {
        dataset: id,
        purposes: purposesToBits(consent.purposes as readonly PurposeName[]),
        expires: consent.expires ? Math.floor(consent.expires.getTime() / 1000) : 0,
        ask: consent.ask,
        issued: now() - CLOCK_MARGIN,
        deadline: BigInt(now() + MESSAGE_LIFETIME),
      }
      const signature = await signMessage(context.signer(), 'ConsentUpdate', update, deployment)
      const relayed = await relay(
        context,
        `/v1/datasets/${id}/consent`,
        {
          update: messageToJson('ConsentUpdate', update),
          signature,
        } as ConsentBody,
        options,
      )
      await until(`${id} with its new consent`, async () => {
        const dataset = await get(id)
        const expires = dataset.expires ? Math.floor(Date.parse(dataset.expires) / 1000) : 0
        const shown = { ask: dataset.ask, purposes: purposesToBits(dataset.purposes), expires }
        const same = (name: keyof typeof shown) => shown[name] === update[name]
        return same('ask') && same('purposes') && same('expires') ? true : undefined
      })
      return relayed
    },
    async withdraw(id, options) {
      const { deployment } = await context.network()
      const { dataset, account } = await own(id)
      // The API's word for which content an id stands for is not enough to sign something final.
      if (datasetId(account, dataset.content as Hex) !== id)
        throw new GranaryError('ANSWER_INVALID', `the API names another content than that of ${id}`)
      const withdrawal: MessageOf<'Withdrawal'> = { owner: account, content: dataset.content as Hex }
      const signature = await signMessage(context.signer(), 'Withdrawal', withdrawal, deployment)
      const relayed = await relay(
        context,
        `/v1/datasets/${id}/withdrawal`,
        {
          withdrawal: messageToJson('Withdrawal', withdrawal),
          signature,
        } as WithdrawalBody,
        options,
      )
      await until(`${id} withdrawn`, async () => ((await get(id)).withdrawn ? true : undefined))
      return relayed
    },
  }
}

function queryOf({ purposes, formats, ask, ...rest }: DatasetFilter) {
  return {
    ...rest,
    purposes: purposes?.join(','),
    format: formats?.join(','),
    ask: ask === undefined ? undefined : ask ? 'yes' : 'no',
  }
}

async function relay(
  context: Context,
  path: string,
  body: unknown,
  options?: ChangeOptions,
): Promise<Relayed> {
  const answer = await context.callSigned<RelayedResource>(path, { method: 'POST', body, idempotent: true })
  options?.onSent?.()
  return waitForRelay(context, answer.relay)
}
