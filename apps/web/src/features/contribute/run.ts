import type { PAUSE, Spool } from '@granary/sdk'
import { granary } from '../../lib/sdk.js'
import { sameAddress, type Wallet, walletError } from '../../wallet/wallet.js'
import { contributorRecipient } from '../recovery/identity.js'
import { ContributeError } from './contribute.error.js'
import { newRecord, type Order, sourceOf } from './record.js'
import { SealJob } from './seal.job.js'
import { holds } from './spool.hold.js'
import { spoolFile, storageCode } from './spool.js'
import { findRecord, keptSpool, putRecord, removeSpool } from './spool.records.js'

/** One file on its way. */
export interface Contribution {
  /** Of its spool. */
  name: string
  order: Order
  /** null once the page that it was chosen in is gone: what is sealed can go on, nothing can be sealed again. */
  file: File | null
  /** Reads the file again after its page is gone. */
  handle?: FileSystemFileHandle | null
}

export type Phase = 'sealing' | 'uploading' | 'registering'
/** `away`: the network does not answer just now, and is asked again by itself. */
export type OnProgress = (phase: Phase, done: number, total: number, away?: boolean) => void

/** The reason of an abort that leaves everything to a later run; the SDK's own is not loaded for it. */
export const pause: typeof PAUSE = 'PAUSE'

/** Where a file waits for its turn, and how it is held up. */
export interface Way {
  signal: AbortSignal
  onProgress: OnProgress
  /** Called once its owner has signed it. */
  onSigned: () => void
  /** Called with the sealing before it begins. */
  onSealing: (job: SealJob) => void
  /** Called once it is sealed, here or by an earlier run; it is uploaded when this resolves. */
  onSealed: () => Promise<void>
}

/**
 * Seals one file in a worker, uploads the sealed file and registers it, or goes on where an earlier run was stopped.
 * This page must hold the spool. What is sealed stays in it when anything fails, and is removed once it is confirmed or
 * cancelled. Aborting throws the signal's reason.
 * @throws ContributeError
 */
export async function contributeFile(
  { name, order, file, handle }: Contribution,
  wallet: Wallet,
  { signal, onProgress, onSigned, onSealing, onSealed }: Way,
): Promise<{ id: string; transaction: string }> {
  const begun = { ...newRecord(name, wallet.address, order), file: sourceOf(file, handle) }
  try {
    if (!holds(name)) throw new ContributeError('CONTRIBUTION_ELSEWHERE', 'Another tab works on it.')
    const record = await findRecord(name)
    if (record && !sameAddress(record.account, wallet.address)) {
      throw new ContributeError('SEALED_FILE_GONE', 'It is another account’s.')
    }
    onProgress(record?.sealed ? 'uploading' : 'sealing', 0, order.size)
    const [client, recipient] = await Promise.all([granary(wallet), contributorRecipient(wallet.address)])
    const { pool, purposes, expires, ask, size, type, description, schema } = order
    return await client.contribute({
      source: { name: order.title, type, size, stream: () => file!.stream() },
      title: order.title.trim(),
      ...(description ? { description } : {}),
      ...(schema ? { schema } : {}),
      pool,
      purposes,
      expires,
      ask,
      identity: { recipient },
      spool: waiting(keptSpool(name, wallet.address, order), onSealed),
      async seal(options) {
        if (!file) throw await notAgain(name)
        // From here on nothing that was sealed before is taken up.
        await putRecord(begun)
        const job = new SealJob(name, file)
        onSealing(job)
        return job.run(options)
      },
      onProgress: ({ phase, done, total, waiting }) => onProgress(phase, done, total, waiting),
      onSigned,
      signal,
    })
  } catch (error) {
    // A sealing that was stopped is gone; its owner is told at the next visit.
    if (signal.aborted && signal.reason === pause && !(await findRecord(name))) {
      await putRecord(begun)
    }
    if (signal.aborted && signal.reason !== pause) await removeSpool(name)
    if (signal.aborted) throw signal.reason
    throw named(error)
  }
}

/** A spool that is uploaded when its turn has come; what is sealed is noted before. */
function waiting(spool: Spool, turn: () => Promise<void>): Spool {
  return {
    ...spool,
    async recall(to) {
      const sealed = await spool.recall?.(to)
      if (sealed) await turn()
      return sealed
    },
    async remember(sealed) {
      await spool.remember?.(sealed)
      if (sealed.upload === null) await turn()
    },
  }
}

/** Why what was sealed cannot be used, where there is no file to seal anew. */
async function notAgain(name: string): Promise<ContributeError> {
  const record = await findRecord(name)
  const isWhole = record?.sealed && record.sealed.size === (await spoolFile(name).size())
  return isWhole
    ? new ContributeError('SEALED_TO_OTHER_KEYS', 'It was sealed to other keys than are in use now.')
    : new ContributeError('SEALED_FILE_GONE', 'The sealed file is not in this browser any more.')
}

function named(error: unknown): ContributeError {
  if (error instanceof ContributeError) return error
  const { code, message } = error as { code?: unknown; message?: string }
  const storage = storageCode(error)
  if (storage) return new ContributeError(storage, message ?? storage)
  if (typeof code === 'string' && code !== 'ACTION_REJECTED' && /^[A-Z]+(_[A-Z]+)*$/.test(code)) {
    const wallet = walletError(error)
    if (wallet.code === 'WALLET_FAILED') return new ContributeError(code, message ?? code)
  }
  const wallet = walletError(error)
  return new ContributeError(wallet.code, wallet.message)
}
