import type { DelegatorsPage, Hex, MemberResource, ProposalsPage, VoteChoice } from '@granary/protocol'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'

const SOON = 5_000

/** An account's votes, now or as they were at a time. */
export function useMember(address: string, at?: string) {
  return useQuery({
    queryKey: ['member', address, at ?? null],
    queryFn: ({ signal }) =>
      get<MemberResource>(`/v1/members/${address}${at ? `?at=${encodeURIComponent(at)}` : ''}`, signal),
    refetchInterval: at ? false : 10_000,
  })
}

/** Proposals as the API tells, newest first. */
export function useProposals() {
  return useInfiniteQuery({
    queryKey: ['proposals'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<ProposalsPage>(
        `/v1/proposals?limit=10${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: SOON,
  })
}

/** One proposal, its calls checked against its id, while it is looked at. */
export function useProposal(wallet: Wallet, id: string, open: boolean) {
  return useQuery({
    queryKey: ['proposal', id],
    queryFn: async () => (await granary(wallet)).governance.get(id as Hex),
    enabled: open,
    staleTime: 0,
    refetchInterval: SOON,
    retry: 1,
  })
}

export function useJoin(wallet: Wallet) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => signing(async () => (await granary(wallet)).governance.join()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['member'] }),
  })
}

/** Has the account's votes count for another account, or for itself again. */
export function useDelegate(wallet: Wallet) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (to: string) =>
      signing(async () => {
        const { getAddress } = await import('ethers')
        return (await granary(wallet)).governance.delegate(getAddress(to.toLowerCase()) as Hex)
      }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['member'] }),
        client.invalidateQueries({ queryKey: ['delegators'] }),
      ]),
  })
}

export const DELEGATORS_SHOWN = 20

/** The first of those whose votes go to an account. */
export function useDelegators(address: string) {
  return useQuery({
    queryKey: ['delegators', address],
    queryFn: ({ signal }) =>
      get<DelegatorsPage>(`/v1/members/${address}/delegators?limit=${DELEGATORS_SHOWN}`, signal),
    refetchInterval: 20_000,
  })
}

/** What can be done with a proposal: a vote, which is signed, or the next step. */
export type Step = VoteChoice | 'queue' | 'execute'

export function useStep(wallet: Wallet, id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (step: Step) =>
      signing(async () => {
        const { governance } = await granary(wallet)
        if (step === 'queue' || step === 'execute') await governance[step](id as Hex)
        else await governance.vote(id as Hex, step)
        return step
      }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['proposal', id] }),
        client.invalidateQueries({ queryKey: ['proposals'] }),
        client.invalidateQueries({ queryKey: ['pools'] }),
      ]),
  })
}
