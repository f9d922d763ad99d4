import type { ErasureResource, Hex } from '@granary/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import type { Consent } from './consent.js'

/**
 * Signs and relays the withdrawal, waits until the chain has it, and asks for the erasure if that is wished. `done` is
 * called also when the list has meanwhile taken the dataset's buttons away: with what became of the erasure, `failed`
 * when it could not be asked for, null when it was not wished.
 */
export function useWithdraw(
  wallet: Wallet,
  done: (erasure: ErasureResource['state'] | 'failed' | null) => void,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, erase }: { id: string; erase: boolean }) => {
      await signing(async () => (await granary(wallet)).datasets.withdraw(id as Hex))
      if (!erase) return null
      return (await granary(wallet)).datasets.erase(id as Hex).then(
        ({ state }) => state,
        () => 'failed' as const,
      )
    },
    onSuccess(erasure) {
      done(erasure)
      return client.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
}

/** Signs and relays another consent, and waits until the chain has it. */
export function useUpdateConsent(wallet: Wallet, done: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, consent }: { id: string; consent: Consent }) =>
      signing(async () => (await granary(wallet)).datasets.updateConsent(id as Hex, consent)),
    onSuccess() {
      done()
      return client.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
}
