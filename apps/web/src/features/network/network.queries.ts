import type {
  CustodiansResource,
  StatisticsResource,
  TreasuryMovementsPage,
  TreasuryResource,
} from '@granary/protocol'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'

const DAY_MS = 86_400_000

/** The last `days` days (UTC), today included. */
export function useStatistics(days: number) {
  return useQuery({
    queryKey: ['statistics', days],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10)
      return get<StatisticsResource>(`/v1/statistics?from=${from}`, signal)
    },
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  })
}

/** How the custodians answer the server, while the network has a committee. */
export function useCustodians(enabled: boolean) {
  return useQuery({
    queryKey: ['custodians'],
    queryFn: ({ signal }) => get<CustodiansResource>('/v1/custodians', signal),
    enabled,
    refetchInterval: 10_000,
  })
}

export function useTreasury() {
  return useQuery({
    queryKey: ['treasury'],
    queryFn: ({ signal }) => get<TreasuryResource>('/v1/treasury', signal),
    refetchInterval: 20_000,
  })
}

/** What came into the treasury and went out, newest first. */
export function useTreasuryMovements() {
  return useInfiniteQuery({
    queryKey: ['treasury', 'movements'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<TreasuryMovementsPage>(
        `/v1/treasury/movements?limit=10${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 20_000,
  })
}
