// Fetching a request's datasets in this page: one tab a request, stopped and gone on with at will.

import type { Hex } from '@granary/protocol'
import type { CustodianStep, Fetched } from '@granary/sdk'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { browserSink } from './fetch.sink.js'

export interface FetchOrder {
  wallet: Wallet
  request: string
  identity: string
  /** null = into this browser. */
  folder: FileSystemDirectoryHandle | null
  nameOf: (dataset: string) => Promise<string>
  onProgress: (dataset: string, done: number, total: number | null) => void
  onCustodian: (step: CustodianStep) => void
  signal: AbortSignal
}

/** @throws what the SDK throws, WalletError, and an Error with the code FETCH_ELSEWHERE */
export async function fetchHere(order: FetchOrder): Promise<Fetched> {
  const { wallet, request, identity, folder, nameOf, onProgress, onCustodian, signal } = order
  return navigator.locks.request(`granary-fetch/${request}`, { ifAvailable: true }, async (lock) => {
    if (!lock) throw Object.assign(new Error('another tab is fetching'), { code: 'FETCH_ELSEWHERE' })
    const client = await granary(wallet)
    return signing(() =>
      client.fetch(request as Hex, {
        identity,
        sink: browserSink(request, folder, nameOf),
        onProgress: ({ dataset, done, total }) => onProgress(dataset, done, total),
        onCustodian,
        signal,
      }),
    )
  })
}

/** The browser's own question for a folder; undefined where there is none. */
export const pickFolder = (
  window as Window & {
    showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>
  }
).showDirectoryPicker?.bind(window)
