import type { DatasetResource, ErasureResource, Hex, StorageResource } from '@granary/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'

const SELDOM_MS = 60_000
const OFTEN_MS = 5_000

/** Where a dataset's sealed file lies. Looked at again each minute, more often while something is under way. */
export function useStorage(id: string) {
  return useQuery({
    queryKey: ['datasets', 'storage', id],
    queryFn: ({ signal }) => get<StorageResource>(`/v1/datasets/${id}/storage`, signal),
    refetchInterval: ({ state }) =>
      state.data?.erasure?.state === 'erasing' || state.data?.state === 'unchecked' ? OFTEN_MS : SELDOM_MS,
  })
}

/** Asks for the erasure of a withdrawn dataset. */
export function useErase(wallet: Wallet, done: (erasure: ErasureResource) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id }: DatasetResource) =>
      signing(async () => (await granary(wallet)).datasets.erase(id as Hex)),
    onSuccess(erasure) {
      done(erasure)
      return client.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
}
