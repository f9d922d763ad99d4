import type {
  Address,
  DatasetResource,
  EarningsResource,
  Hex,
  OWNED_ORDERS,
  OwnedUse,
} from '@granary/protocol'
import { allPages, type Context, query } from './context.js'

export interface OwnedFilter {
  /** A part of the title or description, or an id. */
  search?: string
  status?: DatasetResource['status']
  ask?: 'yes' | 'no'
  pool?: number
  order?: (typeof OWNED_ORDERS)[number]
}

/** What an account owns, as the API tells it: `rewards.verify` and `rewards.uses` hold it against the chain. */
export interface Owners {
  /** Searched, filtered and in order. */
  datasets(owner: Address, filter?: OwnedFilter): AsyncGenerator<DatasetResource>
  /** Who used an account's datasets, or one of them, and for what, newest first: releases that were settled. */
  uses(owner: Address, dataset?: Hex): AsyncGenerator<OwnedUse>
  /** Sums over time, oldest first. */
  earnings(
    owner: Address,
    options?: { by?: 'day' | 'month' | 'year'; dataset?: Hex },
  ): Promise<EarningsResource['items']>
}

export function createOwners(context: Context): Owners {
  const at = (owner: Address, what: string) => `/v1/owners/${owner}/${what}`
  return {
    datasets: (owner, filter = {}) => allPages(context, at(owner, 'datasets'), { ...filter }),
    uses: (owner, dataset) => allPages(context, at(owner, 'uses'), { dataset }),
    async earnings(owner, options = {}) {
      const { items } = await context.call<EarningsResource>(
        `${at(owner, 'earnings')}${query({ ...options })}`,
      )
      return items
    },
  }
}
