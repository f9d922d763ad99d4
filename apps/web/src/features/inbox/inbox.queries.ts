import type { Hex, InboxPage } from '@granary/protocol'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'

/** What open requests ask of the account's datasets in ask mode, answered or not, as the API tells it: a hint. */
export function useInbox(owner: string) {
  return useInfiniteQuery({
    queryKey: ['inbox', owner],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<InboxPage>(
        `/v1/approvals?owner=${owner}&limit=20${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}

/** One request as it stands on chain, read anew each time it is looked at. */
export function useReview(wallet: Wallet, request: string, dataset: string, open: boolean) {
  return useQuery({
    queryKey: ['review', wallet.address, request, dataset],
    queryFn: async () => (await granary(wallet)).inbox.review(request as Hex, dataset as Hex),
    enabled: open,
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  })
}

/** Signs and relays a yes or no, and waits until the chain has it; `done` is told which. */
export function useAnswer(wallet: Wallet, done: (granted: boolean) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ request, dataset, granted }: { request: string; dataset: string; granted: boolean }) =>
      signing(async () => (await granary(wallet)).requests.approve(request as Hex, dataset as Hex, granted)),
    onSuccess(_, { granted }) {
      done(granted)
      return client.invalidateQueries({ queryKey: ['inbox'] })
    },
  })
}
