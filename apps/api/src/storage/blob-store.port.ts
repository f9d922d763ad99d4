import type { ContentAddress } from '@granary/protocol'

/**
 * Where sealed files and documents lie: blocks addressed by their hash. Two adapters, one suite
 * (`blob-store.suite.ts`). What is imported is kept until removed by other means; nothing here deletes.
 */
export interface BlobStore {
  /** For the start screen and /readyz: which adapter, and where. Never a secret. */
  readonly name: string
  /** Imports a stream as the protocol's section 1 says and keeps every block of it. Rejects when the source does. */
  importFile(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ContentAddress>
  /**
   * One block whose hash was checked, or null when it is not there within `timeout` milliseconds (default 5000). With
   * `local` only what this store has itself counts; otherwise an adapter may ask its network.
   */
  block(cid: string, options?: { timeout?: number; local?: boolean }): Promise<Uint8Array | null>
  /** The size of the file under a root, null when the root is not there. Throws when it is no file. */
  size(cid: string): Promise<number | null>
  /** `length` bytes of a file from `offset`. Throws CONTENT_UNAVAILABLE when a block is missing. */
  read(cid: string, range?: { offset: number; length: number }): AsyncIterable<Uint8Array>
  /** Resolves when the store answers, rejects when it does not. */
  check(): Promise<void>
  /** Frees what the adapter holds open. */
  close(): Promise<void>
}
