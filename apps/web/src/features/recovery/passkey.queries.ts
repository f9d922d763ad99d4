import type { PasskeyBackup, PasskeyBackups, PasskeyFile } from '@granary/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get } from '../../lib/api.js'
import { granary } from '../../lib/sdk.js'
import type { Wallet } from '../../wallet/wallet.js'
import { keptIdentity } from './identity.js'
import { type KeptPasskey, keptPasskeys } from './passkey.store.js'
import { passkeyLack } from './passkey.support.js'

/** A passkey of the account that is known here, from this browser or from the server's copies. */
export interface KnownPasskey {
  file: PasskeyFile
  /** What this browser keeps of it; null until it was unlocked here. */
  here: KeptPasskey | null
  backup: PasskeyBackup | null
}

/** Only the code: sealing and schemas come with it. */
export const passkeyRun = () => import('./passkey.run.js')

export function useIdentity(wallet: Wallet) {
  return useQuery({ queryKey: ['identity', wallet.address], queryFn: () => keptIdentity(wallet.address) })
}

export function usePasskeyLack() {
  return useQuery({ queryKey: ['passkey-lack'], queryFn: passkeyLack, staleTime: Number.POSITIVE_INFINITY })
}

/** The copies that the server keeps of the account's. */
export function useBackups(wallet: Wallet) {
  return useQuery({
    queryKey: ['passkeys', 'server', wallet.address],
    queryFn: ({ signal }) => get<PasskeyBackups>('/v1/passkey-backups', signal),
  })
}

/** The account's passkeys; what is only in this browser also while the server does not answer. Undefined = not known yet. */
export function usePasskeys(wallet: Wallet): KnownPasskey[] | undefined {
  const kept = useQuery({
    queryKey: ['passkeys', 'here', wallet.address],
    queryFn: () => keptPasskeys(wallet.address),
  })
  const backups = useBackups(wallet)
  if (kept.isPending || (backups.isPending && !backups.isError)) return undefined
  const here = kept.data ?? []
  const there = backups.data?.items ?? []
  const known = here.map((one) => ({
    file: one.file,
    here: one,
    backup: there.find(({ file }) => file.credential === one.credential) ?? null,
  }))
  const unknown = there.filter(({ file }) => !here.some(({ credential }) => credential === file.credential))
  return [...known, ...unknown.map((backup) => ({ file: backup.file, here: null, backup }))]
}

/** A mutation after which what is known of keys and passkeys is looked at again. */
export function useKeyChange<Given, Done>(change: (given: Given) => Promise<Done>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    async onSettled() {
      await Promise.all(
        ['passkeys', 'identity'].map((name) => client.invalidateQueries({ queryKey: [name] })),
      )
    },
  })
}

/** Leaves a copy with the server. Its session does it; nothing is signed. */
export async function leaveCopy(wallet: Wallet, file: PasskeyFile): Promise<void> {
  await (await granary(wallet)).passkeyBackups.keep(file)
}
