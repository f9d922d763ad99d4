import type { DatasetResource, DatasetsPage } from '@granary/protocol'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { type Wallet, walletError } from '../../wallet/wallet.js'

/** The account's datasets, page by page, with what each earned. Looked at again every ten seconds while visible. */
export function useDatasets(owner: string) {
  return useInfiniteQuery({
    queryKey: ['datasets', owner],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<DatasetsPage>(
        `/v1/datasets?owner=${owner}&limit=50${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  })
}

/** Signs and relays the withdrawal, and waits until the chain has it. */
export function useWithdraw(wallet: Wallet) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (dataset: DatasetResource) => {
      try {
        return await (await granary(wallet)).datasets.withdraw(dataset.id)
      } catch (error) {
        const refusal = walletError(error)
        throw refusal.code === 'WALLET_FAILED' ? error : refusal
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['datasets'] }),
  })
}
