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

/** Above this many bytes a file goes straight to its place on disk, where the browser can do that. */
const LARGE = 64_000_000

type Picker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>

/**
 * The place that its person chooses for a large file of about `size` bytes, to be written as it arrives; null for others,
 * and in browsers that cannot: those are collected and saved like any download. Call it right after a click.
 * @throws DOMException AbortError when its person changes their mind
 */
export async function fileFor(name: string, size: number): Promise<FileSystemFileHandle | null> {
  const { showSaveFilePicker } = window as Window & { showSaveFilePicker?: Picker }
  return size > LARGE && showSaveFilePicker ? showSaveFilePicker({ suggestedName: name }) : null
}
