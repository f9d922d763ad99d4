import { useQuery } from '@tanstack/react-query'
import { get } from '../../lib/api.js'

/** A CIDv1 in base32: whatever else a server says is not shown. */
const CID = /^b[a-z2-7]{20,80}$/

/** The CID of the build that this server says it serves, null when it says none. Asked for once it is `wanted`. */
export function useBuild(wanted: boolean) {
  return useQuery({
    queryKey: ['build'],
    enabled: wanted,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const said = await get<{ cid?: unknown }>('/build.json', signal).catch(() => null)
      return typeof said?.cid === 'string' && CID.test(said.cid) ? said.cid : null
    },
  })
}
