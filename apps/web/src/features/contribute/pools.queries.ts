import type { PoolResource } from '@granary/protocol'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'

/** All pools, closed ones too: one may hold datasets of old. */
export function usePools() {
  return useQuery({
    queryKey: ['pools'],
    queryFn: async ({ signal }) => {
      const all: PoolResource[] = []
      let cursor: string | null = null
      do {
        const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page: { items: PoolResource[]; next: string | null } = await get(
          `/v1/pools?limit=200${more}`,
          signal,
        )
        all.push(...page.items)
        cursor = page.next
      } while (cursor !== null)
      return all
    },
    // A new network's first pool appears a moment after the page.
    refetchInterval: (query) => (query.state.data?.length ? 60_000 : 3_000),
  })
}
