// Where fetched files lie in this browser: the sealed parts of what is on its way, so that a reload goes on there, and
// the opened files until they are saved. All in the origin private file system, a folder a request.
import type { Sink } from '@granary/sdk'
import { objectStore } from '../../lib/store.js'

/** A file that is complete and was verified. */
export interface Kept {
  /** `request/dataset`. */
  key: string
  request: string
  dataset: string
  name: string
  /** Of the plaintext. */
  sha256: string
  size: number
  where: 'browser' | 'folder'
  /** Milliseconds since 1970. */
  time: number
}

/** How long opened copies stay. */
export const KEPT_DAYS = 7
const FOLDER = 'granary-fetched'
/** Bytes of one piece of a sealed file on disk: what may be lost of it when the page goes away. */
const PIECE = 8 * 1_048_576

const { run } = objectStore('granary-fetched', 'files', 'key')

const root = async () => (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true })
const folderOf = async (request: string) => (await root()).getDirectoryHandle(request, { create: true })

/** What a file system refuses, by a code of ours. */
async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { name, message } = error as DOMException
    const code =
      name === 'QuotaExceededError'
        ? 'STORAGE_FULL'
        : name === 'NotAllowedError' || name === 'NoModificationAllowedError'
          ? 'FOLDER_REFUSED'
          : undefined
    throw code ? Object.assign(new Error(message), { code }) : error
  }
}

export async function keptOf(request: string): Promise<Map<string, Kept>> {
  const all = (await run('readonly', (store) => store.getAll())) as Kept[]
  return new Map(all.filter((one) => one.request === request).map((one) => [one.dataset, one]))
}

/** The opened file of a dataset; null when it is not in this browser any more. */
export async function keptFile({
  request,
  dataset,
}: Pick<Kept, 'request' | 'dataset'>): Promise<File | null> {
  try {
    return await (await (await folderOf(request)).getFileHandle(`${dataset}.opened`)).getFile()
  } catch {
    return null
  }
}

/** Removes a request's files from this browser, or all that are older than KEPT_DAYS. */
export async function removeKept(request?: string): Promise<void> {
  const all = (await run('readonly', (store) => store.getAll())) as Kept[]
  const oldest = Date.now() - KEPT_DAYS * 86_400_000
  const gone = all.filter((one) => (request ? one.request === request : one.time < oldest))
  for (const one of gone) {
    await run('readwrite', (store) => store.delete(one.key))
    const folder = await folderOf(one.request)
    await folder.removeEntry(`${one.dataset}.opened`).catch(() => {})
  }
  if (request) await (await root()).removeEntry(request, { recursive: true }).catch(() => {})
}

/** A sink of a request's files: into a folder that its person chose, or into this browser. */
export function browserSink(
  request: string,
  folder: FileSystemDirectoryHandle | null,
  nameOf: (dataset: string) => Promise<string>,
): Sink {
  return {
    async finished(dataset, sealed) {
      const kept = (await keptOf(request)).get(dataset)
      if (sealed || !kept) return undefined
      const file = kept.where === 'browser' ? await keptFile(kept) : null
      if (kept.where === 'browser' && file?.size !== kept.size) return undefined
      if (kept.where === 'browser' && folder && file) await copy(file, folder, kept)
      return { sealed: false, sha256: kept.sha256, size: kept.size }
    },
    part: (dataset) => partOf(request, dataset),
    async open(dataset) {
      const name = await nameOf(dataset)
      const place = folder ?? (await folderOf(request))
      const own = folder ? await freeName(folder, name) : `${dataset}.opened`
      const handle = await stored(() => place.getFileHandle(own, { create: true }))
      const target = await stored(() => handle.createWritable())
      return {
        writable: new WritableStream({
          write: (chunk) => stored(() => target.write(chunk as Uint8Array<ArrayBuffer>)),
        }),
        async commit(sha256, about) {
          // Only a stream that is closed changes what is on disk.
          await stored(() => target.close())
          const where = folder ? 'folder' : 'browser'
          const key = `${request}/${dataset}`
          const size = about?.size ?? 0
          const kept: Kept = {
            key,
            request,
            dataset,
            name: folder ? own : name,
            sha256,
            size,
            where,
            time: Date.now(),
          }
          await run('readwrite', (store) => store.put(kept))
        },
        async discard() {
          await target.abort().catch(() => {})
          await place.removeEntry(own).catch(() => {})
        },
      }
    },
  }
}

/** A copy that is in this browser, into the folder. */
async function copy(file: File, folder: FileSystemDirectoryHandle, kept: Kept): Promise<void> {
  const name = await freeName(folder, kept.name)
  const handle = await stored(() => folder.getFileHandle(name, { create: true }))
  await stored(async () => file.stream().pipeTo(await handle.createWritable()))
  await run('readwrite', (store) => store.put({ ...kept, name, where: 'folder' }))
  await (await folderOf(kept.request)).removeEntry(`${kept.dataset}.opened`).catch(() => {})
}

/** `steps.csv`, or `steps (2).csv` where the folder has one already: nothing is overwritten. */
async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const [, stem = name, ending = ''] = /^(.+?)(\.[^.]{1,10})?$/.exec(name) ?? []
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : `${stem} (${n})${ending}`
    try {
      await folder.getFileHandle(candidate)
    } catch (error) {
      if ((error as DOMException).name === 'NotFoundError') return candidate
      if ((error as DOMException).name !== 'TypeMismatchError') throw error
    }
  }
}

/** The sealed file of a dataset as far as it came, in whole pieces, since what is appended to one is copied first. */
async function partOf(request: string, dataset: string) {
  const folder = await folderOf(request)
  const nameOf = (piece: number) => `${dataset}.${String(piece).padStart(6, '0')}`
  const pieces: number[] = []
  for (;;) {
    const handle = await folder.getFileHandle(nameOf(pieces.length)).catch(() => null)
    const size = (await handle?.getFile())?.size ?? 0
    if (size === 0) break
    pieces.push(size)
    if (size < PIECE) break
  }
  let pending: Uint8Array[] = []
  let held = 0
  const flush = async () => {
    if (held === 0) return
    const handle = await stored(() => folder.getFileHandle(nameOf(pieces.length), { create: true }))
    await stored(async () => {
      const target = await handle.createWritable()
      await target.write(new Blob(pending as Uint8Array<ArrayBuffer>[]))
      await target.close()
    })
    pieces.push(held)
    pending = []
    held = 0
  }
  const clear = async () => {
    for (let piece = 0; piece < pieces.length; piece += 1)
      await folder.removeEntry(nameOf(piece)).catch(() => {})
    pieces.length = 0
    pending = []
    held = 0
  }
  return {
    get size() {
      return pieces.reduce((sum, size) => sum + size, 0) + held
    },
    async *read() {
      for (let piece = 0; piece < pieces.length; piece += 1) {
        const file = await (await folder.getFileHandle(nameOf(piece))).getFile()
        const reader = file.stream().getReader()
        for (;;) {
          const { done, value } = await reader.read()
          if (done) break
          yield value
        }
      }
    },
    async append(chunk: Uint8Array) {
      pending.push(chunk.slice())
      held += chunk.length
      if (held >= PIECE) await flush()
    },
    clear,
    keep: flush,
    remove: clear,
  }
}
