import type { DatasetResource, RequestResource, TrainerResource } from '@granary/protocol'
import { useQuery } from '@tanstack/react-query'
import { ApiError, get } from '../../lib/api.js'

const isRefused = (error: Error) => error instanceof ApiError && error.status >= 400 && error.status < 500

/** A request as the API tells it, for display. Who asked, for what and when never changes. */
export function useRequest(id: string) {
  return useQuery({
    queryKey: ['request', id],
    queryFn: ({ signal }) => get<RequestResource>(`/v1/access-requests/${id}`, signal),
    staleTime: 300_000,
  })
}

/** What a trainer says of itself, and whether it is approved. */
export function useTrainer(address: string | undefined) {
  return useQuery({
    queryKey: ['trainer', address],
    queryFn: ({ signal }) => get<TrainerResource>(`/v1/trainers/${address}`, signal),
    enabled: address !== undefined,
    staleTime: 300_000,
  })
}

/** One dataset, by its id. Where nothing can be said now it is asked for again until there is an answer. */
export function useDataset(id: string | undefined) {
  return useQuery({
    queryKey: ['datasets', 'one', id],
    queryFn: ({ signal }) => get<DatasetResource>(`/v1/datasets/${id}`, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state: { error } }) => (error && !isRefused(error) ? 5_000 : false),
    staleTime: 60_000,
  })
}
