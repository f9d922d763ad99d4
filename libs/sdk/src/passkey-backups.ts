import type { PasskeyBackup, PasskeyBackups as PasskeyBackupList, PasskeyFile } from '@granary/protocol'
import type { Context } from './context.js'

/** The account's recovery keys under passkeys, as the API keeps copies of them: ciphertext that only a passkey opens. */
export interface PasskeyBackups {
  /** All of them, newest first. */
  list(): Promise<PasskeyBackup[]>
  /**
   * Keeps a copy, in place of an older one of the same passkey.
   * @throws GranaryError PASSKEY_BACKUPS_TOO_MANY, PASSKEY_BACKUP_NEEDS_DATASET
   */
  keep(file: PasskeyFile): Promise<PasskeyBackup>
  /** Deletes a copy. Neither the passkey nor files that were saved are touched. @throws GranaryError PASSKEY_BACKUP_UNKNOWN */
  remove(id: string): Promise<void>
}

export function createPasskeyBackups(context: Context): PasskeyBackups {
  const path = '/v1/passkey-backups'
  return {
    list: async () => (await context.callSigned<PasskeyBackupList>(path)).items,
    // The same passkey's copy is replaced, so that asking twice does no harm.
    keep: (file) => context.callSigned<PasskeyBackup>(path, { method: 'POST', body: file, idempotent: true }),
    remove: (id) => context.callSigned<void>(`${path}/${id}`, { method: 'DELETE' }),
  }
}
