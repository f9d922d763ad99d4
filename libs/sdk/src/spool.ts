/**
 * Where a sealed file waits between sealing and upload. Its CID and length must be known before the first byte is
 * sent, and a resumed upload must send the same bytes again, so the sealed file is written down once.
 *
 * The spool holds ciphertext only. It is removed once the contribution is confirmed, and also when anything fails:
 * an interrupted sealing is thrown away and begun with a new key.
 */
export interface Spool {
  /** Called once; the sealed file is written here from start to end. */
  writable(): Promise<WritableStream<Uint8Array>>
  /** The complete sealed file as the platform's upload code wants it: a Blob in browsers, a file stream in Node. */
  source(): Promise<UploadSource>
  /** Deletes what was written. Safe to call at any time, more than once. */
  remove(): Promise<void>
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
