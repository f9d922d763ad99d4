import type { ContentAddress } from '@granary/protocol'

/** Days for which a sealed file waits for its contribution to be taken up again. */
export const SPOOL_DAYS = 7

/**
 * Where a sealed file waits between sealing and upload. Its CID and length must be known before the first byte is
 * sent, and a resumed upload must send the same bytes again, so the sealed file is written down once.
 *
 * The spool holds ciphertext only. It is removed once the contribution is confirmed. A sealing that was interrupted is
 * thrown away and begun with a new key: no key ever seals a second plaintext. A complete one may be kept by a spool that
 * has `recall`, `remember` and `keep`; another one is removed when anything fails.
 */
export interface Spool {
  /** Called once; the sealed file is written here from start to end. */
  writable(): Promise<WritableStream<Uint8Array>>
  /** The complete sealed file as the platform's upload code wants it: a Blob in browsers, a file stream in Node. */
  source(): Promise<UploadSource>
  /**
   * What an earlier run sealed from the same source, unchanged since, and to the same keys (`sealedTo` is opaque), or
   * undefined. Called before anything else; the sealed file is then the spool's.
   */
  recall?(sealedTo: string): Promise<Sealed | undefined>
  /** Notes that the sealed file is complete, and later where it is uploaded to. */
  remember?(sealed: Sealed): Promise<void>
  /** Leaves everything for a later run. */
  keep?(): Promise<void>
  /** Deletes what was written. Safe to call at any time, more than once. */
  remove(): Promise<void>
}

/** A complete sealed file in a spool. */
export interface Sealed extends ContentAddress {
  /** Where its upload goes on, null while none was begun. */
  upload: string | null
}

export type UploadSource = Blob | { readonly path: string | Buffer; destroy?: () => void }

/** A spool in memory, for small files and for tests. Holds the whole sealed file. */
export function memorySpool(): Spool {
  let parts: Uint8Array<ArrayBuffer>[] = []
  return {
    writable: async () =>
      new WritableStream<Uint8Array>({
        write(chunk) {
          parts.push(chunk.slice())
        },
      }),
    source: async () => new Blob(parts),
    remove: async () => {
      parts = []
    },
  }
}
