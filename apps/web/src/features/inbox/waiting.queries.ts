import type { InboxItem, InboxPage } from '@granary/protocol'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'

/** More than so many are not counted one by one. */
export const MOST_COUNTED = 100

/** What waits for the account's answer, newest first, asked again while a tab is open, also one in the background. */
export function useWaiting(owner: string | null) {
  return useQuery({
    queryKey: ['inbox', 'waiting', owner],
    queryFn: async ({ signal }): Promise<InboxItem[]> =>
      (await get<InboxPage>(`/v1/approvals?owner=${owner}&status=pending&limit=${MOST_COUNTED}`, signal))
        .items,
    enabled: owner !== null,
    refetchInterval: 15_000,
    refetchIntervalInBackground: true,
  })
}
