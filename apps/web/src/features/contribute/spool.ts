/** What workers' file handles have and the DOM library does not declare. */
interface SyncHandle {
  truncate(size: number): void
  write(bytes: Uint8Array, options: { at: number }): number
  flush(): void
  close(): void
}
type WorkerFile = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> }

const FOLDER = 'granary-spool'

const folder = async () =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true })

/**
 * A sealed file in the origin private file system. `writable` works in a worker only, where files can be written
 * without copies, and begins anew; the others work everywhere. Holds ciphertext, nothing else.
 */
export function spoolFile(name: string) {
  const source = async (): Promise<Blob> => (await (await folder()).getFileHandle(name)).getFile()
  return {
    source,
    async writable() {
      const file = (await (await folder()).getFileHandle(name, { create: true })) as WorkerFile
      const handle = await file.createSyncAccessHandle()
      handle.truncate(0)
      let at = 0
      return new WritableStream<Uint8Array>({
        write(chunk) {
          for (let from = 0; from < chunk.length; ) {
            const written = handle.write(chunk.subarray(from), { at })
            if (written === 0) throw new DOMException('nothing more can be written', 'QuotaExceededError')
            from += written
            at += written
          }
        },
        close() {
          handle.flush()
          handle.close()
        },
        abort() {
          handle.close()
        },
      })
    },
    /** In bytes; null when there is no such file. */
    async size(): Promise<number | null> {
      try {
        return (await source()).size
      } catch (error) {
        if ((error as DOMException).name === 'NotFoundError') return null
        throw error
      }
    },
    async remove() {
      // A worker that was just ended may hold its file for a moment longer.
      for (let attempt = 0; attempt < 200; attempt += 1) {
        try {
          await (await folder()).removeEntry(name)
          return
        } catch (error) {
          if ((error as DOMException).name === 'NotFoundError') return
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }
    },
  }
}

/** Names of all sealed files in this browser, whole or not. */
export async function spoolNames(): Promise<string[]> {
  const names: string[] = []
  for await (const name of (await folder()).keys()) names.push(name)
  return names
}

/** The code of a trouble with files or storage, null when it is another one. */
export function storageCode(error: unknown): string | null {
  const known: Record<string, string> = {
    QuotaExceededError: 'STORAGE_FULL',
    NotReadableError: 'SOURCE_UNREADABLE',
    NotFoundError: 'SOURCE_UNREADABLE',
    SecurityError: 'STORAGE_UNAVAILABLE',
    InvalidStateError: 'STORAGE_UNAVAILABLE',
  }
  return error instanceof DOMException ? (known[error.name] ?? null) : null
}
