import { randomUUID } from 'node:crypto'
import { GranaryError, type Hex, type PasskeyBackup, type PasskeyFile } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Session } from '../auth/auth.service.js'
import type { Config } from '../config.js'
import { PasskeyBackupsRepository } from './passkey-backups.repository.js'

/**
 * Copies of passkey files, each for its own account only. They are ciphertext: nothing here could open one, and losing
 * them loses nothing to who has the passkey file or the recovery file.
 */
@Injectable()
export class PasskeyBackupsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: PasskeyBackupsRepository,
  ) {}

  async list({ address }: Session): Promise<{ items: PasskeyBackup[] }> {
    return { items: (await this.repository.list(address)).map(shown) }
  }

  /** @throws GranaryError ADDRESS_MISMATCH, PASSKEY_BACKUP_NEEDS_DATASET, PASSKEY_BACKUPS_TOO_MANY */
  async keep({ address }: Session, file: PasskeyFile): Promise<PasskeyBackup> {
    if (file.account !== address) throw new GranaryError('ADDRESS_MISMATCH')
    // Anybody can make accounts without end: what is kept is bounded by what was contributed.
    if (!(await this.repository.hasDataset(address))) throw new GranaryError('PASSKEY_BACKUP_NEEDS_DATASET')
    const { account, credential, sealed } = file
    const times = { createdAt: new Date(file.created), keptAt: new Date() }
    const row = { id: randomUUID(), account, credential, sealed, ...times }
    const kept = await this.repository.keep(row, this.config.PASSKEY_BACKUPS)
    if (!kept) throw new GranaryError('PASSKEY_BACKUPS_TOO_MANY')
    return shown(kept)
  }

  /** @throws GranaryError PASSKEY_BACKUP_UNKNOWN, also for somebody else's */
  async remove({ address }: Session, id: string): Promise<void> {
    if (!(await this.repository.remove(address, id))) throw new GranaryError('PASSKEY_BACKUP_UNKNOWN')
  }
}

type Row = Awaited<ReturnType<PasskeyBackupsRepository['list']>>[number]

function shown({ id, account, credential, sealed, createdAt, keptAt }: Row): PasskeyBackup {
  const file = {
    version: 'granary/passkey/v1' as const,
    account: account as Hex,
    credential,
    created: createdAt.toISOString(),
    sealed,
  }
  return { id, keptAt: keptAt.toISOString(), file }
}
