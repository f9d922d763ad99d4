import { type ActionName, documentDigest, type TrainerResource } from '@granary/protocol'
import type { Wanted } from '@granary/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ZeroHash } from 'ethers'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { argumentsOf, type Fields } from './draft.js'

/** One thing of a draft, without fault. */
export interface Thing {
  action: ActionName
  fields: Fields
}

/** Actions as the SDK takes them. A trainer is approved with the profile that it has now. */
async function wantedOf(things: readonly Thing[]): Promise<Wanted[]> {
  return Promise.all(
    things.map(async ({ action, fields }) => ({
      action,
      arguments: argumentsOf(
        action,
        fields,
        action === 'trainer-approve' ? await profileOf(fields) : ZeroHash,
      ),
    })),
  )
}

async function profileOf({ trainer = '' }: Fields): Promise<string> {
  const { profile } = await get<TrainerResource>(`/v1/trainers/${trainer.trim()}`)
  return profile ? (await documentDigest(profile)).digest : ZeroHash
}

/** What things would do, in words worked out from the calls that they become. */
export function useDescribed(wallet: Wallet, things: readonly Thing[]) {
  return useQuery({
    queryKey: ['draft', things],
    queryFn: async () => (await granary(wallet)).governance.describe(await wantedOf(things)),
    enabled: things.length > 0,
    staleTime: 30_000,
    retry: 1,
  })
}

export function usePropose(wallet: Wallet) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ things, why }: { things: readonly Thing[]; why: string }) =>
      signing(async () =>
        (await granary(wallet)).governance.create({ calls: await wantedOf(things), description: why }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['proposals'] }),
  })
}
