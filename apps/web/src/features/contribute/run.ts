import type { PurposeName } from '@granary/protocol'
import { granary } from '../../lib/sdk.js'
import { type Wallet, walletError } from '../../wallet/wallet.js'
import { contributorRecipient } from '../recovery/identity.js'
import type { SealOrder, SealReport } from './seal.worker.js'
import { withSpool } from './spool.js'

export interface Order {
  file: File
  title: string
  type: string
  pool: number
  purposes: PurposeName[]
  expires: Date | null
  ask: boolean
}

export type Phase = 'sealing' | 'uploading' | 'registering'
export type OnProgress = (phase: Phase, done: number, total: number) => void

export class ContributeError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'ContributeError'
  }
}

/**
 * Seals one file in a worker, uploads the sealed file and registers it. The spool is gone afterwards, whatever
 * happened. Cancelling throws the signal's reason; once the registration was signed it cannot be cancelled any more.
 * @throws ContributeError
 */
export async function contributeFile(
  order: Order,
  wallet: Wallet,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<{ id: string; transaction: string }> {
  try {
    onProgress('sealing', 0, order.file.size)
    const [client, recipient] = await Promise.all([granary(wallet), contributorRecipient(wallet.address)])
    const target = await client.sealingTarget()
    return await withSpool(async (spool, name) => {
      signal.throwIfAborted()
      const sealed = await sealInWorker(
        { file: order.file, recipient, target, spool: name },
        (done) => onProgress('sealing', done, order.file.size),
        signal,
      )
      onProgress('uploading', 0, sealed.size)
      await client.upload({
        spool,
        cid: sealed.cid,
        size: sealed.size,
        onProgress: (done, total) => onProgress('uploading', done, total),
        signal,
      })
      signal.throwIfAborted()
      onProgress('registering', 0, 1)
      return client.register({
        source: { name: order.title, type: order.type, size: order.file.size },
        title: order.title.trim(),
        pool: order.pool,
        purposes: order.purposes,
        expires: order.expires,
        ask: order.ask,
        content: sealed.content,
        rawRoot: sealed.rawRoot,
      })
    })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw named(error)
  }
}

function sealInWorker(order: SealOrder, onProgress: (done: number) => void, signal: AbortSignal) {
  return new Promise<Extract<SealReport, { type: 'sealed' }>>((resolve, reject) => {
    const worker = new Worker(new URL('./seal.worker.ts', import.meta.url), { type: 'module' })
    const end = (settle: () => void) => {
      worker.terminate()
      signal.removeEventListener('abort', aborted)
      settle()
    }
    const aborted = () => end(() => reject(signal.reason))
    signal.addEventListener('abort', aborted, { once: true })
    worker.onmessage = ({ data }: MessageEvent<SealReport>) => {
      if (data.type === 'progress') onProgress(data.done)
      else if (data.type === 'sealed') end(() => resolve(data))
      else end(() => reject(new ContributeError(data.code, data.message)))
    }
    worker.onerror = (event) => end(() => reject(new ContributeError('SEALING_FAILED', event.message)))
    worker.postMessage(order)
  })
}

function named(error: unknown): ContributeError {
  if (error instanceof ContributeError) return error
  const { code, message } = error as { code?: unknown; message?: string }
  if (typeof code === 'string' && code !== 'ACTION_REJECTED' && /^[A-Z]+(_[A-Z]+)+$/.test(code)) {
    const wallet = walletError(error)
    if (wallet.code === 'WALLET_FAILED') return new ContributeError(code, message ?? code)
  }
  const wallet = walletError(error)
  return new ContributeError(wallet.code, wallet.message)
}
