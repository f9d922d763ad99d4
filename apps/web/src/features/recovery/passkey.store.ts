// What this browser keeps of passkeys: the sealed file and what is in it, by public keys. No secret.
import type { PasskeyFile } from '@granary/protocol'
import { objectStore } from '../../lib/store.js'

export interface KeptPasskey {
  /** Which passkey; the key of its record. */
  credential: string
  /** Whose it is, lower case. */
  account: string
  file: PasskeyFile
  /** Recipients of the identities that are sealed in it. */
  holds: string[]
}

const { run } = objectStore('granary-passkeys', 'passkeys', 'credential')

/** The account's in this browser, the newest first. */
export async function keptPasskeys(address: string): Promise<KeptPasskey[]> {
  const all = (await run('readonly', (store) => store.getAll())) as KeptPasskey[]
  const own = all.filter(({ account }) => account === address.toLowerCase())
  return own.sort((a, b) => (a.file.created < b.file.created ? 1 : -1))
}

export async function keepPasskey(kept: KeptPasskey): Promise<void> {
  await run('readwrite', (store) => store.put(kept))
}

export async function forgetPasskey(credential: string): Promise<void> {
  await run('readwrite', (store) => store.delete(credential))
}
