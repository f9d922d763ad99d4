import type { NetworkResource, NonceResource, SessionResource } from '@granary/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, get, post, remove } from '../../lib/api.js'
import type { Wallet } from '../../wallet/wallet.js'
import { isStale } from './lag.js'

/**
 * What the API says of its network, for display. Asked often until the committee is there and while the API is behind
 * the chain, then now and again.
 */
export function useNetwork() {
  return useQuery({
    queryKey: ['network'],
    queryFn: ({ signal }) => get<NetworkResource>('/v1/network', signal),
    refetchInterval: ({ state: { status, data } }) =>
      status === 'error' || !data?.committee || isStale(data.head) ? 3_000 : 20_000,
  })
}

/** The session of this browser, null when there is none. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async ({ signal }) => {
      try {
        return await get<SessionResource>('/v1/auth/session', signal)
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
    staleTime: 60_000,
  })
}

/** The text to sign in with, made by the API for this account; a fresh one each time it is needed. */
export function useSignInText(address: string) {
  return useQuery({
    queryKey: ['nonce', address],
    queryFn: () => post<NonceResource>('/v1/auth/nonce', { address }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}

export function useSignIn(wallet: Wallet) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (message: string) => {
      const signature = await wallet.signText(message)
      return post<SessionResource>('/v1/auth/session', { message, signature })
    },
    onSuccess: ({ address, expiresAt }) => client.setQueryData(['session'], { address, expiresAt }),
    // A nonce is spent by its first use, whether it succeeded or not.
    onError: () => client.invalidateQueries({ queryKey: ['nonce'] }),
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => remove('/v1/auth/session'),
    onSettled: () => {
      client.setQueryData(['session'], null)
      client.removeQueries({ queryKey: ['nonce'] })
    },
  })
}
