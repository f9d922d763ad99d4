import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, rename, rm, rmdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeFolder } from '@granary/protocol/node'
import type { Sink, SinkTarget } from '../fetch.js'
import { fetchedRecord } from './fetched-record.js'
import { filePart } from './file-part.js'
import { fileWritable } from './file-writable.js'
import { sweep } from './owned-file.js'

export interface FolderSink extends Sink {
  /** Where a dataset's file ended up, once it was fetched. */
  pathOf(dataset: string): string | undefined
}

/**
 * Writes each opened dataset to `folder`/<title of its metadata>. Bytes go to a partial file in `folder`/.granary first
 * and get their name only when everything about them was verified. Never overwrites: the same bytes under the same name
 * are kept, different bytes get the beginning of the dataset id into their name. `.granary` also remembers what is
 * finished and keeps what a fetch that stopped had of a sealed file; it may be deleted at any time.
 */
export function folderSink(folder: string): FolderSink {
  const paths = new Map<string, string>()
  const state = join(folder, '.granary')
  const finished = fetchedRecord(state)
  const tidy = () => rmdir(state).catch(() => {}) // only when nothing is in it
  return {
    pathOf: (dataset) => paths.get(dataset),
    async part(dataset) {
      await makeFolder(state)
      return filePart(state, dataset)
    },
    async finished(dataset, sealed) {
      for (const one of await finished.read()) {
        if (one.dataset !== dataset || one.sealed !== sealed) continue
        const path = join(folder, basename(one.file))
        if ((await sha256Of(path).catch(() => '')) !== one.fileSha256) continue
        paths.set(dataset, path)
        return { sealed, sha256: one.sha256, size: one.size }
      }
      return undefined
    },
    async open(dataset, title): Promise<SinkTarget> {
      await makeFolder(state)
      await sweep(state, 'plain')
      const partial = join(state, `${process.pid}-${randomUUID()}.plain`)
      const { writable, release } = await fileWritable(partial)
      return {
        writable,
        async commit(fileSha256, about) {
          const path = await place(partial, folder, safeFileName(title, dataset), dataset, fileSha256)
          paths.set(dataset, path)
          if (about) await finished.add({ dataset, file: basename(path), fileSha256, ...about })
          await tidy()
        },
        async discard() {
          await release()
          await rm(partial, { force: true })
          await tidy()
        },
      }
    },
  }
}

async function place(
  partial: string,
  folder: string,
  name: string,
  dataset: string,
  sha256: string,
): Promise<string> {
  const ending = extname(name)
  const stem = basename(name, ending)
  const names = [name, `${stem}-${dataset.slice(2, 10)}${ending}`, `${stem}-${dataset.slice(2)}${ending}`]
  for (const candidate of names) {
    const path = join(folder, candidate)
    if (await claim(partial, path)) return path
    if ((await sha256Of(path).catch(() => '')) === sha256) {
      await rm(partial, { force: true })
      return path
    }
  }
  const path = join(folder, `${randomUUID()}${ending}`)
  await rename(partial, path)
  return path
}

/** Gives the partial file its name unless that name is taken; a hard link fails where `rename` would overwrite. */
async function claim(partial: string, path: string): Promise<boolean> {
  try {
    await link(partial, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  await rm(partial, { force: true })
  return true
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * A file name from a title that a stranger wrote: no folders, no control characters, not hidden, not reserved on any
 * common system, at most 200 bytes of UTF-8. Falls back to the dataset id.
 */
export function safeFileName(title: string, dataset: string): string {
  const last = title.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  // Control and formatting characters (bidirectional overrides among them) and what Windows cannot store.
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, '_').replace(/^[.\s]+|[.\s]+$/g, '')
  if (plain === '' || RESERVED.test(plain)) return `${dataset.slice(2)}.bin`
  return shorten(plain, 200)
}

function shorten(name: string, limit: number): string {
  const bytes = (text: string) => new TextEncoder().encode(text).length
  if (bytes(name) <= limit) return name
  const ending = bytes(extname(name)) <= 20 ? extname(name) : ''
  const stem = [...name.slice(0, name.length - ending.length)]
  while (bytes(stem.join('')) + bytes(ending) > limit) stem.pop()
  return stem.join('') + ending
}
