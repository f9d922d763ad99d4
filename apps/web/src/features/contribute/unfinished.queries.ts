import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SpoolRecord } from './record.js'
import { discard, findUnfinished } from './unfinished.look.js'

/** What this browser has of the account's contributions that were cut off. Looks again when the page is looked at. */
export function useUnfinished(account: string) {
  return useQuery({
    queryKey: ['unfinished', account],
    queryFn: () => findUnfinished(account),
    networkMode: 'always',
    // Without storage there is nothing to find; that is said when something is to be sealed.
    retry: false,
  })
}

export function useDiscard(done: (record: SpoolRecord) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: discard,
    onSuccess: (gone, record) => gone && done(record),
    onSettled: () => client.invalidateQueries({ queryKey: ['unfinished'] }),
  })
}
