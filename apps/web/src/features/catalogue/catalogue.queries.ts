import type { DatasetFacets, DatasetsPage, HistoryPage, PoolResource } from '@granary/protocol'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { type Filter, queryOf } from './filter.js'

const PAGE = 24

/** What fits a filter and can be requested now, in pages. */
export function useCatalogue(filter: Filter) {
  const query = `${queryOf(filter)}&sort=${filter.sort}`
  return useInfiniteQuery({
    queryKey: ['catalogue', query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<DatasetsPage>(
        `/v1/datasets?${query}&limit=${PAGE}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
}

/** How many fit, and how many each further choice would leave. */
export function useFacets(filter: Filter, enabled = true) {
  const query = queryOf(filter)
  return useQuery({
    queryKey: ['facets', query],
    queryFn: ({ signal }) => get<DatasetFacets>(`/v1/datasets/facets?${query}`, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    enabled,
  })
}

/** Everything that happened to a dataset, newest first. */
export function useHistory(id: string) {
  return useInfiniteQuery({
    queryKey: ['history', id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<HistoryPage>(
        `/v1/datasets/${id}/history?limit=20${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  })
}

/** One pool. */
export function usePool(id: number | null) {
  return useQuery({
    queryKey: ['pool', id],
    queryFn: ({ signal }) => get<PoolResource>(`/v1/pools/${id}`, signal),
    enabled: id !== null,
    staleTime: 30_000,
  })
}
