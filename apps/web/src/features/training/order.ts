// One request from a wish to the chain.
import type { DatasetsPage, Hex, ProposedManifest, PurposeName } from '@granary/protocol'
import type { Opened, Wish } from '@granary/sdk'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { type Filter, isPicky, queryOf } from '../catalogue/filter.js'

/** Datasets that a request may pick one by one. */
export const MOST_PICKED = 10_000

export interface Chosen {
  filter: Filter
  pool: number
  purposes: string[]
  /** Only this one; null = all that fit. */
  dataset: string | null
  maxPerOwner: number | null
}

export interface Offer {
  wish: Wish
  proposal: ProposedManifest
}

/** What the network offers for it now, recomputed here. Binds nobody. @throws what the SDK throws, PICKED_TOO_MANY */
export async function offerFor(chosen: Chosen, wallet: Wallet, signal?: AbortSignal): Promise<Offer> {
  const wish: Wish = {
    pool: chosen.pool,
    purposes: chosen.purposes as PurposeName[],
    ...(chosen.maxPerOwner === null ? {} : { maxPerOwner: chosen.maxPerOwner }),
  }
  if (chosen.dataset !== null) wish.datasets = [chosen.dataset as Hex]
  else if (isPicky(chosen.filter)) wish.datasets = await picked(chosen, signal)
  const proposal = await signing(async () => (await granary(wallet)).requests.propose(wish))
  return { wish, proposal }
}

async function picked({ filter, pool, purposes }: Chosen, signal?: AbortSignal): Promise<Hex[]> {
  const query = queryOf({ ...filter, pool, purposes })
  const ids: Hex[] = []
  let cursor: string | null = null
  do {
    const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: DatasetsPage = await get(`/v1/datasets?${query}&limit=200${more}`, signal)
    ids.push(...page.items.map(({ id }) => id))
    if (ids.length > MOST_PICKED)
      throw Object.assign(new Error('too many datasets'), { code: 'PICKED_TOO_MANY' })
    cursor = page.next
  } while (cursor !== null)
  if (ids.length === 0) throw Object.assign(new Error('nothing fits'), { code: 'MANIFEST_EMPTY' })
  return ids
}

/** Signs and pays, in one tab at a time. @throws what the SDK throws, WalletError, ORDER_ELSEWHERE */
export function pay(
  { wish, proposal }: Offer,
  { recipient, expires, wallet }: { recipient: string; expires: Date; wallet: Wallet },
): Promise<Opened> {
  return navigator.locks.request(
    `granary-order/${wallet.address.toLowerCase()}`,
    { ifAvailable: true },
    async (lock) => {
      if (!lock) throw Object.assign(new Error('another tab is paying'), { code: 'ORDER_ELSEWHERE' })
      const maxTotalPrice = BigInt(proposal.total)
      return signing(async () =>
        (await granary(wallet)).requests.open({ ...wish, proposal, recipient, expires, maxTotalPrice }),
      )
    },
  )
}
