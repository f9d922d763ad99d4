// Fetching a request's datasets in this page: one tab a request, stopped and gone on with at will.

import type { Hex } from '@granary/protocol'
import type { CustodianStep, Fetched } from '@granary/sdk'
import { granary } from '../../lib/sdk.js'
import { inWorker } from '../../lib/work.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import type { FetchStep, FetchWork } from './fetch.worker.js'

export interface FetchOrder {
  wallet: Wallet
  request: string
  identity: string
  /** null = into this browser. */
  folder: FileSystemDirectoryHandle | null
  onProgress: (dataset: string, done: number, total: number | null) => void
  onCustodian: (step: CustodianStep) => void
  signal: AbortSignal
}

/** @throws what the SDK throws, WalletError, and an Error with the code FETCH_ELSEWHERE */
export async function fetchHere(order: FetchOrder): Promise<Fetched> {
  const { wallet, request, identity, folder, onProgress, onCustodian, signal } = order
  return navigator.locks.request(`granary-fetch/${request}`, { ifAvailable: true }, async (lock) => {
    if (!lock) throw Object.assign(new Error('another tab is fetching'), { code: 'FETCH_ELSEWHERE' })
    const client = await granary(wallet)
    const release = await signing(() => client.release(request as Hex, { identity, onCustodian, signal }))
    const work = { request, release, facts: await client.network(), identity, folder }
    return inWorker<FetchWork, FetchStep, Fetched>(fetchWorker, work, {
      onStep: ({ dataset, done, total }) => onProgress(dataset, done, total),
      signal,
    })
  })
}

const fetchWorker = () => new Worker(new URL('./fetch.worker.ts', import.meta.url), { type: 'module' })

/** The browser's own question for a folder; undefined where there is none. */
export const pickFolder = (
  window as Window & {
    showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>
  }
).showDirectoryPicker?.bind(window)
