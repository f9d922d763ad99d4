import type { DatasetResource, Hex } from '@granary/protocol'
import { codeOf } from '../../components/trouble.js'
import type { Saving } from '../../lib/save.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { openingIdentities } from '../recovery/identity.js'

/** `key`: with the identities in this browser; `custodians`: by a signed OwnerRelease. */
export type Way = 'key' | 'custodians'

/** None of this browser's identities opens the file. */
export class NoKeyError extends Error {
  readonly code = 'IDENTITY_MISSING'
}

/**
 * Opens an own dataset, a withdrawn one too, and hands its plaintext to `saving` once all of it was verified. Nothing
 * is kept of a file that was not. Cancelling throws the signal's reason.
 * @throws NoKeyError, WalletError and what the SDK throws
 */
export async function openDataset(
  dataset: DatasetResource,
  way: Way,
  wallet: Wallet,
  saving: Saving,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = await granary(wallet)
  const sink = {
    open: async () => ({
      writable: await saving.writable(),
      commit: () => saving.keep(),
      discard: () => saving.discard(),
    }),
  }
  const common = { sink, signal, onProgress: ({ done }: { done: number }) => onProgress(done) }
  const id = dataset.id as Hex
  if (way === 'custodians') {
    await signing(() => client.datasets.open(id, { ownerRelease: true, ...common }))
    return
  }
  for (const identity of await openingIdentities(wallet.address)) {
    try {
      await client.datasets.open(id, { identity, ...common })
      return
    } catch (error) {
      if (codeOf(error) !== 'IDENTITY_MISMATCH') throw error
    }
  }
  throw new NoKeyError('no key in this browser opens the file')
}
