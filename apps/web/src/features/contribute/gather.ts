// Files from a drop, a picker or the clipboard: what is taken, and what is left out and why.

/** How much is taken in one go. */
export interface GatherLimits {
  files: number
  /** Levels of folders. */
  depth: number
}

export const GATHER_LIMITS: Readonly<GatherLimits> = { files: 1_000, depth: 32 }

export interface Found {
  file: File
  /** Path below what was dropped or chosen, the file's name last. */
  path: string
  /** Reads it again in a later visit, where the browser gives that. */
  handle?: FileSystemFileHandle | null
}

/** Counts of what was left out. */
export interface LeftOut {
  hidden: number
  duplicate: number
  tooMany: number
  unreadable: number
}

export const nothingLeftOut: LeftOut = { hidden: 0, duplicate: 0, tooMany: 0, unreadable: 0 }

/** What file managers write by themselves. */
const LITTER = new Set(['thumbs.db', 'desktop.ini', '__macosx'])

/** Whether any part of a path is hidden, such as `.DS_Store` or what is below `.git`. */
export function isHidden(path: string): boolean {
  return path
    .split('/')
    .some((part) => (part.startsWith('.') && part !== '.' && part !== '..') || LITTER.has(part.toLowerCase()))
}

/** Of a file picker, with or without folders. */
export function fromPicker(files: Iterable<File>): Found[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
}

/**
 * All files of a drop, those in folders too. The transfer's items are only there while its event is handled: call it
 * there. Stops at one file more than may be taken.
 */
export async function fromDrop(
  transfer: DataTransfer,
  limits = GATHER_LIMITS,
): Promise<{ found: Found[]; unreadable: number }> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null)
  const handles = handlesOf(transfer)
  if (!entries.some((entry) => entry?.isDirectory)) {
    return { found: await withHandles(fromPicker(transfer.files), handles), unreadable: 0 }
  }
  const found: Found[] = []
  let visible = 0
  let unreadable = 0
  async function walk(entry: FileSystemEntry, depth: number): Promise<void> {
    if (visible > limits.files) return
    const path = entry.fullPath.replace(/^\/+/, '')
    try {
      // A hidden folder counts as one and is not looked into.
      if (isHidden(path)) found.push({ file: new File([], entry.name), path })
      else if (entry.isFile) {
        found.push({ file: await fileOf(entry as FileSystemFileEntry), path })
        visible += 1
      } else if (depth >= limits.depth) unreadable += 1
      else
        for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) await walk(child, depth + 1)
    } catch {
      unreadable += 1
    }
  }
  for (const entry of entries) if (entry) await walk(entry, 0)
  return { found: await withHandlesBelow(found, handles), unreadable }
}

type Handles = (Promise<FileSystemHandle | null> | undefined)[]

/** Of what is dropped. All are asked for at once, while the drop is handled. */
function handlesOf({ items }: DataTransfer): Handles {
  type Item = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> }
  return [...(items as Iterable<Item>)]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.getAsFileSystemHandle?.().catch(() => null))
}

/** The dropped files with their handles. */
function withHandles(found: Found[], handles: Handles): Promise<Found[]> {
  return Promise.all(
    found.map(async (one, at) => {
      const handle = (await handles[at]) ?? null
      return handle?.kind === 'file' && handle.name === one.file.name
        ? { ...one, handle: handle as FileSystemFileHandle }
        : one
    }),
  )
}

/** The same of files in dropped folders, which are found again by their paths. */
async function withHandlesBelow(found: Found[], handles: Handles): Promise<Found[]> {
  const dropped = (await Promise.all(handles)).filter((handle) => handle != null)
  const folders = new Map<string, Promise<FileSystemDirectoryHandle | null>>()
  async function openFolder(path: string): Promise<FileSystemDirectoryHandle | null> {
    const end = path.lastIndexOf('/')
    const name = path.slice(end + 1)
    if (end >= 0) return (await folderAt(path.slice(0, end)))?.getDirectoryHandle(name) ?? null
    const top = dropped.find((handle) => handle.kind === 'directory' && handle.name === name)
    return (top as FileSystemDirectoryHandle | undefined) ?? null
  }
  function folderAt(path: string): Promise<FileSystemDirectoryHandle | null> {
    const opened = folders.get(path) ?? openFolder(path).catch(() => null)
    folders.set(path, opened)
    return opened
  }
  return Promise.all(
    found.map(async (one) => {
      const end = one.path.lastIndexOf('/')
      const top = dropped.find((handle) => handle.kind === 'file' && handle.name === one.path)
      const handle =
        end < 0
          ? ((top as FileSystemFileHandle | undefined) ?? null)
          : await folderAt(one.path.slice(0, end))
              .then((folder) => folder?.getFileHandle(one.file.name) ?? null)
              .catch(() => null)
      return { ...one, handle }
    }),
  )
}

type Picker = (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>

/** Files chosen in the browser's own window, with their handles; null where it has no such window. */
export async function pickFiles(): Promise<Found[] | null> {
  const { showOpenFilePicker } = window as Window & { showOpenFilePicker?: Picker }
  if (!showOpenFilePicker) return null
  try {
    const handles = await showOpenFilePicker({ multiple: true })
    return await Promise.all(
      handles.map(async (handle) => ({ file: await handle.getFile(), path: handle.name, handle })),
    )
  } catch (error) {
    if ((error as DOMException).name === 'AbortError') return []
    return null
  }
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject))

/** A reader gives at most a hundred at a time. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    all.push(...some)
  }
}

/** Files on the clipboard, or its text as a file. Nothing when there is neither. */
export function fromPaste(transfer: DataTransfer, name: string): Found[] {
  if (transfer.files.length > 0) return fromPicker(transfer.files)
  const text = transfer.getData('text/plain')
  if (text === '') return []
  return [{ file: new File([text], name, { type: 'text/plain' }), path: name }]
}
