import type { Spool } from '@granary/sdk'

/** What workers' file handles have and the DOM library does not declare. */
interface SyncHandle {
  write(bytes: Uint8Array, options: { at: number }): number
  flush(): void
  close(): void
}
type WorkerFile = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> }

const FOLDER = 'granary-spool'

/**
 * A sealed file between sealing and upload, in the origin private file system. `writable` works in a worker only,
 * where files can be written without copies; `source` and `remove` work everywhere. Holds ciphertext, nothing else.
 */
export function opfsSpool(name: string): Spool & { source(): Promise<Blob> } {
  const folder = async () =>
    (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true })
  return {
    async writable() {
      const file = (await (await folder()).getFileHandle(name, { create: true })) as WorkerFile
      const handle = await file.createSyncAccessHandle()
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
    async source() {
      return (await (await folder()).getFileHandle(name)).getFile()
    },
    async remove() {
      // A worker that was just ended may hold its file for a moment longer.
      for (let attempt = 0; attempt < 20; attempt += 1) {
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

/** Runs `work` with a spool of its own, which is removed whatever happens, at the latest on the next visit. */
export async function withSpool<T>(
  work: (spool: ReturnType<typeof opfsSpool>, name: string) => Promise<T>,
): Promise<T> {
  const name = crypto.randomUUID()
  return navigator.locks.request(`${FOLDER}/${name}`, async () => {
    const spool = opfsSpool(name)
    try {
      return await work(spool, name)
    } finally {
      await spool.remove()
    }
  })
}

/** Removes what a closed or crashed page left behind; spools that another tab still uses are locked and stay. */
export async function removeLeftSpools(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(FOLDER).catch(() => null)
  if (!folder) return
  for await (const name of folder.keys()) {
    await navigator.locks.request(`${FOLDER}/${name}`, { ifAvailable: true }, async (lock) => {
      if (lock) await opfsSpool(name).remove()
    })
  }
}
