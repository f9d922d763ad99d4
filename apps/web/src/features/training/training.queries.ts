import type {
  ApprovalsPage,
  Hex,
  RequestManifest,
  RequestResource,
  RequestsPage,
  TrainerResource,
  TrainersPage,
  UseResource,
  UsesPage,
} from '@granary/protocol'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'

/** How the account stands as a trainer; asked again and again, since the council may answer at any moment. */
export function useStanding(address: string) {
  return useQuery({
    queryKey: ['standing', address],
    queryFn: ({ signal }) => get<TrainerResource>(`/v1/trainers/${address}`, signal),
    refetchInterval: 5_000,
  })
}

/** Those who applied or were approved, in the order they came. */
export function useTrainers() {
  return useInfiniteQuery({
    queryKey: ['trainers'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<TrainersPage>(
        `/v1/trainers?limit=100${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}

export type Decision = 'approve' | 'suspend' | 'lift'

/** A transaction of a council member's own account. */
export function useDecision(wallet: Wallet) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ trainer, decision }: { trainer: Hex; decision: Decision }) =>
      signing(async () => {
        const { council } = await granary(wallet)
        if (decision === 'approve') return council.approve(trainer)
        return council.setSuspended(trainer, decision === 'suspend')
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['trainers'] }),
  })
}

/** The account's requests, newest first. */
export function useRequests(trainer: string) {
  return useInfiniteQuery({
    queryKey: ['requests', trainer],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<RequestsPage>(
        `/v1/access-requests?trainer=${trainer}&limit=20${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}

/** One request, as it changes. */
export function useLiveRequest(id: string) {
  return useQuery({
    queryKey: ['request', 'live', id],
    queryFn: ({ signal }) => get<RequestResource>(`/v1/access-requests/${id}`, signal),
    refetchInterval: 5_000,
    retry: (times, error) => (error as { code?: string }).code === 'UNREACHABLE' && times < 3,
  })
}

export function useManifest(id: string) {
  return useQuery({
    queryKey: ['manifest', id],
    queryFn: ({ signal }) => get<RequestManifest>(`/v1/access-requests/${id}/manifest`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Answers of owners who are asked first, by dataset; the first two hundred. */
export function useApprovals(id: string, open: boolean) {
  return useQuery({
    queryKey: ['approvals', id],
    queryFn: async ({ signal }) => {
      const page = await get<ApprovalsPage>(`/v1/access-requests/${id}/approvals?limit=200`, signal)
      return new Map(page.items.map(({ dataset, status }) => [dataset as string, status]))
    },
    refetchInterval: open ? 10_000 : false,
  })
}

/** Settled uses of a request, all of them. */
export function useUses(id: string) {
  return useQuery({
    queryKey: ['uses', id],
    queryFn: async ({ signal }) => {
      const all: UseResource[] = []
      let cursor: string | null = null
      do {
        const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page: UsesPage = await get(`/v1/access-requests/${id}/releases?limit=200${more}`, signal)
        all.push(...page.items)
        cursor = page.next
      } while (cursor !== null)
      return all
    },
    refetchInterval: 10_000,
  })
}

/** What the account can pay with, read from the chain by way of its wallet. */
export function useFunds(wallet: Wallet) {
  return useQuery({
    queryKey: ['funds', wallet.address],
    queryFn: async () => (await (await granary(wallet)).chain()).balance(wallet.address as Hex),
    refetchInterval: 15_000,
    retry: 1,
  })
}
