import type { AnswersPage, Hex, InboxItem, InboxPage, TrainerRecord } from '@granary/protocol'
import type { Review } from '@granary/sdk'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { sameAddress, signing, type Wallet } from '../../wallet/wallet.js'
import { several } from './group.messages.js'

const pageOf = (path: string, cursor: string) =>
  `${path}&limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`

/** What open requests ask of the account's datasets in ask mode, answered or not, as the API tells it: a hint. */
export function useInbox(owner: string) {
  return useInfiniteQuery({
    queryKey: ['inbox', owner],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<InboxPage>(pageOf(`/v1/approvals?owner=${owner}`, pageParam), signal),
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}

/** Every answer that the account gave, newest first. */
export function useAnswers(owner: string) {
  return useInfiniteQuery({
    queryKey: ['inbox', 'answers', owner],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<AnswersPage>(pageOf(`/v1/approvals/history?owner=${owner}`, pageParam), signal),
    getNextPageParam: (page) => page.next,
    refetchInterval: 30_000,
  })
}

/** What a trainer asked for, used and paid before, and since when it is approved, as the API tells it. */
export function useRecord(trainer: string) {
  return useQuery({
    queryKey: ['trainer', trainer, 'record'],
    queryFn: ({ signal }) => get<TrainerRecord>(`/v1/trainers/${trainer}/record`, signal),
    staleTime: 60_000,
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

/** Several requests as the chain has them, in the order of `items`. */
export function useReviews(wallet: Wallet, items: readonly InboxItem[], open: boolean) {
  return useQuery({
    // All that an item says is in the key: the same requests, told otherwise, are another question.
    queryKey: [
      'reviews',
      wallet.address,
      items.map(({ request: { id, trainer, price, purposes }, dataset }) => [
        id,
        dataset,
        trainer,
        price,
        purposes,
      ]),
    ],
    queryFn: async () => {
      const { inbox } = await granary(wallet)
      const found: Review[] = []
      for (const { request, dataset } of items) {
        const review = await inbox.review(request.id, dataset)
        requireSame(review, { request })
        found.push(review)
      }
      return found
    },
    enabled: open && items.length > 0,
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  })
}

/** The page shows a request as the API tells it; an answer without a closer look is for that one and no other. */
class Differs extends Error {
  readonly code = 'REQUEST_DIFFERS'
}

function requireSame(review: Review, { request }: Pick<InboxItem, 'request'>): void {
  const isSame =
    sameAddress(review.trainer, request.trainer) &&
    review.price === BigInt(request.price) &&
    [...review.purposes].sort().join() === [...request.purposes].sort().join()
  if (!isSame) throw new Differs(several.differs)
}

/**
 * Answers one after the other, each with a signature of its own, after reading it from the chain once more: what is not
 * as it is shown is not signed. Stops at the first that fails; `answered` tells how many went through before.
 */
export function useAnswersInTurn(wallet: Wallet) {
  const client = useQueryClient()
  const [answered, setAnswered] = useState(0)
  const mutation = useMutation({
    mutationFn: async ({ items, granted }: { items: readonly InboxItem[]; granted: boolean }) => {
      setAnswered(0)
      const { inbox, requests } = await granary(wallet)
      for (const [place, item] of items.entries()) {
        requireSame(await inbox.review(item.request.id, item.dataset), item)
        await signing(() => requests.approve(item.request.id, item.dataset, granted))
        setAnswered(place + 1)
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  })
  return { ...mutation, answered }
}
