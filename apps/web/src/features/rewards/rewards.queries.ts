import type { RewardsResource } from '@granary/protocol'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'

/** What an account earned, claimed and may claim, with its newest uses. */
export function useRewards(address: string) {
  return useQuery({
    queryKey: ['rewards', address],
    queryFn: ({ signal }) => get<RewardsResource>(`/v1/rewards/${address}`, signal),
    refetchInterval: 10_000,
  })
}
