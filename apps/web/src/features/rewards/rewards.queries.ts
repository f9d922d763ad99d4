import type { EarningsResource, Hex, OwnedUse, OwnedUsesPage, RewardsResource } from '@granary/protocol'
import type { ToldUse, UseVerifier } from '@granary/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import type { Wallet } from '../../wallet/wallet.js'

/** What an account earned, claimed and may claim, with its newest uses. */
export function useRewards(address: string) {
  return useQuery({
    queryKey: ['rewards', address],
    queryFn: ({ signal }) => get<RewardsResource>(`/v1/rewards/${address}`, signal),
    refetchInterval: 10_000,
  })
}

export type Span = 'day' | 'month' | 'year'

/** What the account's datasets, or one of them, earned over time. */
export function useEarnings(address: string, by: Span, dataset?: string) {
  return useQuery({
    queryKey: ['rewards', address, 'earnings', by, dataset],
    queryFn: ({ signal }) =>
      get<EarningsResource>(
        `/v1/owners/${address}/earnings?by=${by}${dataset ? `&dataset=${dataset}` : ''}`,
        signal,
      ),
    // The picture stays while another span is fetched, and so does what was opened below it.
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  })
}

const PAGE = 20

/** The uses of the account's datasets, or of one of them, page by page, newest first. */
export function useUses(address: string, dataset?: string) {
  return useInfiniteQuery({
    queryKey: ['rewards', address, 'uses', dataset],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<OwnedUsesPage>(
        `/v1/owners/${address}/uses?limit=${PAGE}${dataset ? `&dataset=${dataset}` : ''}${pageParam ? `&cursor=${pageParam}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}

/** Computed by this page from the chain, on demand and once; what does not hold is asked again by its person only. */
const computed = { retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const

/** The balance as the chain has it. Asked for again whenever the API tells another one. */
export function useVerifiedBalance(wallet: Wallet, rewards: RewardsResource | undefined, enabled: boolean) {
  return useQuery({
    ...computed,
    queryKey: ['verified', wallet.address, rewards?.earned, rewards?.claimed],
    queryFn: async () => (await granary(wallet)).rewards.verify(wallet.address as Hex),
    enabled: enabled && rewards !== undefined,
  })
}

/** A use, followed to its receipts. */
export function useVerifiedUse(wallet: Wallet, use: OwnedUse, enabled: boolean) {
  return useQuery({
    ...computed,
    queryKey: ['verified', wallet.address, told(use)],
    queryFn: async () => (await verifier(wallet))(wallet.address as Hex, told(use)),
    enabled,
  })
}

const verifiers = new WeakMap<Wallet, Promise<UseVerifier>>()

/** One for all lines of a wallet: settlements, requests and custodians are read once. */
function verifier(wallet: Wallet): Promise<UseVerifier> {
  const known = verifiers.get(wallet)
  if (known) return known
  const made = granary(wallet).then((client) => client.rewards.uses())
  verifiers.set(wallet, made)
  made.catch(() => verifiers.delete(wallet))
  return made
}

/** Everything that the line shows of a use, so that all of it is compared. */
function told({ request, dataset, amount, settlement, trainer, purposes, opened }: OwnedUse): ToldUse {
  const use = { request: request as Hex, dataset: dataset as Hex, amount, settlement }
  if (trainer === null) return use
  return { ...use, trainer, purposes, ...(opened ? { opened: opened as Hex } : {}) }
}
