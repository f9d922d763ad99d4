import type { DatasetResource, Hex } from '@granary/protocol'
import { codeOf } from '../../components/trouble.js'
import { saveBlob } from '../../lib/save.js'
import { granary } from '../../lib/sdk.js'
import { inWorker } from '../../lib/work.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { openingIdentities } from '../recovery/identity.js'
import type { OpenWork } from './open.worker.js'

/** `key`: with the identities in this browser; `custodians`: by a signed OwnerRelease. */
export type Way = 'key' | 'custodians'

/** None of this browser's identities opens the file. */
export class NoKeyError extends Error {
  readonly code = 'IDENTITY_MISSING'
}

/**
 * Opens an own dataset, a withdrawn one too, and saves its plaintext under `name` once all of it was verified: in `file`
 * where its person chose one, else as downloads are. Nothing is kept of a file that was not. Cancelling throws the
 * signal's reason.
 * @throws NoKeyError, WalletError and what the SDK throws
 */
export async function openDataset(
  dataset: DatasetResource,
  way: Way,
  wallet: Wallet,
  { name, file }: { name: string; file: FileSystemFileHandle | null },
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = await granary(wallet)
  const facts = await client.network()
  const id = dataset.id as Hex
  const openBy = async (by: OpenWork['by']) => {
    const work = { dataset: id, facts, by, file }
    const opened = await inWorker<OpenWork, number, Blob | null>(openWorker, work, {
      onStep: onProgress,
      signal,
    })
    if (opened) saveBlob(name, opened)
  }
  if (way === 'custodians') {
    await openBy({ released: await signing(() => client.datasets.release(id, signal)) })
    return
  }
  for (const identity of await openingIdentities(wallet.address)) {
    try {
      await openBy({ identity })
      return
    } catch (error) {
      if (codeOf(error) !== 'IDENTITY_MISMATCH') throw error
    }
  }
  throw new NoKeyError('no key in this browser opens the file')
}

const openWorker = () => new Worker(new URL('./open.worker.ts', import.meta.url), { type: 'module' })
