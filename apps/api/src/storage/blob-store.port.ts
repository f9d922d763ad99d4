import type { ContentAddress } from '@granary/protocol'

/**
 * Where sealed files and documents lie: blocks addressed by their hash. Two adapters, one suite
 * (`blob-store.suite.ts`). What is stored is kept until `remove`; which files use a block is known to the database
 * (`BlocksService`), not here. Whatever writes throws STORE_FULL when there is no room.
 */
export interface BlobStore {
  /** For the start screen and /readyz: which adapter, and where. Never a secret. */
  readonly name: string
  /** What this installation must not forget with its database. */
  readonly notes: Notes
  /** What a store has that takes part in the IPFS network; others lack it. */
  readonly peer?: Peer
  /** Imports a stream as the protocol's section 1 says and keeps every block of it. Rejects when the source does. */
  importFile(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ContentAddress>
  /** Keeps one block, durably once it resolves. The caller vouches that `cid` is the CID of `bytes`. */
  put(cid: string, bytes: Uint8Array): Promise<void>
  /** Keeps the whole file under a root from being collected. Throws CONTENT_UNAVAILABLE when a block of it is missing. */
  pin(root: string): Promise<void>
  /** Undoes `pin`; nothing when it was not pinned. The blocks stay. */
  unpin(root: string): Promise<void>
  /**
   * Removes single blocks. Those that the store itself still needs, since another pin holds them, are `kept`; what is
   * not there counts as removed. Give it many at once: a store may have to look through all of its pins each time.
   */
  remove(cids: readonly string[]): Promise<{ removed: string[]; kept: string[] }>
  /** Bytes that may still be stored, as the store itself sees it. */
  free(): Promise<number>
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

/**
 * Small texts by name beside the blocks, which only this installation writes: nobody can put one there by an upload. A
 * name is a folder and a word (`a-z`, `A-Z`, `0-9`, `-`), with a slash between.
 */
export interface Notes {
  /** Keeps a text, durably once it resolves, in place of an earlier one. */
  write(name: string, text: string): Promise<void>
  /** The text, null when there is none. */
  read(name: string): Promise<string | null>
  /** The words of a folder in no order; none when there is no such folder. */
  list(folder: string): Promise<string[]>
}

/** The store as others in the IPFS network meet it. */
export interface Peer {
  /** Its own addresses, as multiaddrs with the peer's id; none while it is offline. */
  origins(): Promise<string[]>
  /** Connects to others, as far as they answer. */
  connect(addresses: readonly string[]): Promise<void>
}
