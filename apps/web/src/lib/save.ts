// Handing a file to the person who asked for it.

/** Saves a blob as the browser saves downloads. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Where a file goes while it arrives: exactly one of `keep` and `discard` is called at the end. */
export interface Saving {
  writable(): Promise<WritableStream<Uint8Array>>
  keep(): Promise<void>
  discard(): Promise<void>
}

/** Above this many bytes a file goes straight to its place on disk, where the browser can do that. */
const LARGE = 64_000_000

type Picker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>

/**
 * A place for a file of about `size` bytes. A large one is written to where its person says, as it arrives; others, and
 * all in browsers without that, are collected and then saved like any download. Call it right after a click.
 * @throws DOMException AbortError when its person changes their mind
 */
export async function savingFor(name: string, size: number): Promise<Saving> {
  const { showSaveFilePicker } = window as Window & { showSaveFilePicker?: Picker }
  if (size > LARGE && showSaveFilePicker) {
    const file = await showSaveFilePicker({ suggestedName: name })
    let target: FileSystemWritableFileStream | undefined
    return {
      async writable() {
        const opened = await file.createWritable()
        target = opened
        return new WritableStream({ write: (chunk) => opened.write(chunk as BufferSource) })
      },
      // Only a stream that is closed changes what is on disk.
      keep: async () => target?.close(),
      discard: async () => target?.abort(),
    }
  }
  let parts: Blob[] = []
  return {
    // Blobs, not arrays: the browser may move them out of memory.
    async writable() {
      parts = []
      return new WritableStream({ write: (chunk) => void parts.push(new Blob([chunk as BlobPart])) })
    },
    // No type of its own: what is in it is saved, never shown.
    keep: async () => saveBlob(name, new Blob(parts, { type: 'application/octet-stream' })),
    async discard() {
      parts = []
    },
  }
}
