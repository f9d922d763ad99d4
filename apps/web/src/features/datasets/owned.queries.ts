import type { DatasetResource, OWNED_ORDERS, OwnedPage } from '@granary/protocol'
import { useInfiniteQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'

/** What of one's datasets is shown, and in which order; empty = all of them. */
export interface Filter {
  search: string
  status: DatasetResource['status'] | ''
  ask: 'yes' | 'no' | ''
  pool: string
  order: (typeof OWNED_ORDERS)[number]
}

export const EVERYTHING: Filter = { search: '', status: '', ask: '', pool: '', order: 'newest' }

/** Whether anything is left out. */
export const isFiltered = ({ order: _, ...filter }: Filter) => Object.values(filter).some(Boolean)

const PAGE = 25
const ALL_PAGE = 200

function path(owner: string, filter: Filter, limit: number, cursor: string): string {
  const given = Object.entries({ ...filter, limit: String(limit), cursor }).filter(([, value]) => value)
  return `/v1/owners/${owner}/datasets?${new URLSearchParams(given)}`
}

/** The account's datasets that fit, page by page, with how many there are. Looked at again every ten seconds while visible. */
export function useOwned(owner: string, filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['datasets', owner, filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<OwnedPage>(path(owner, filter, PAGE, pageParam), signal),
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  })
}

/** All that fit, those on later pages included. @throws ApiError */
export async function allOwned(owner: string, filter: Filter): Promise<DatasetResource[]> {
  const found: DatasetResource[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: OwnedPage = await get<OwnedPage>(path(owner, filter, ALL_PAGE, cursor))
    found.push(...page.items)
    cursor = page.next
  }
  return found
}
