import { createReadStream } from 'node:fs'
import { appendFile, link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { archiveListSchema, GranaryError } from '@granary/protocol'
import type { ArchiveEntry, ArchivePart } from '../archive/part.js'
import { fileFault } from './file-fault.js'
import { pathLock } from './path-lock.js'

/**
 * Where an archive is written: under a hidden name beside it (`.<name>.part`, mode 0600, with `.<name>.part.jsonl` for its
 * notes and `.<name>.part.lock` for the process that has it) until `commit` gives it its own. What an export that stopped
 * left is there for the next. Never overwrites.
 *
 * @throws GranaryError FILE_EXISTS, EXPORT_RUNNING, FILE_UNREADABLE before any work
 */
export async function archivePart(
  path: string,
): Promise<{ part: ArchivePart; commit(): Promise<void>; keep(): Promise<void> }> {
  const exists = () => new GranaryError('FILE_EXISTS', `${path} exists already`)
  const refuseExisting = async () => {
    if (await stat(path).catch(() => undefined)) throw exists()
  }
  await refuseExisting()
  const data = join(dirname(path), `.${basename(path)}.part`)
  const notes = `${data}.jsonl`
  const unreadable = (error: NodeJS.ErrnoException) => {
    if (error instanceof GranaryError) throw error
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`)
  }
  const release = await pathLock(`${data}.lock`, (pid) => {
    const text = `process ${pid} writes ${path}; if that is no export, remove ${data}.lock`
    return new GranaryError('EXPORT_RUNNING', text)
  }).catch(unreadable)
  try {
    await refuseExisting()
    // One that got its name, and was killed before it gave up this one, is somebody's archive by now.
    if (((await stat(data).catch(() => undefined))?.nlink ?? 0) > 1) await rm(data)
    const file = await open(data, 'a', 0o600).catch(unreadable)
    return {
      part: await filePart(file, data, notes),
      async commit() {
        await file.sync().finally(() => file.close())
        await link(data, path).catch((error: NodeJS.ErrnoException) => {
          throw error.code === 'EEXIST' ? exists() : error
        })
        for (const left of [data, notes]) await rm(left, { force: true })
        await release()
      },
      async keep() {
        await file.close().catch(() => {})
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

async function filePart(
  file: Awaited<ReturnType<typeof open>>,
  data: string,
  notes: string,
): Promise<ArchivePart> {
  await file.chmod(0o600)
  let size = (await file.stat()).size
  const lineOf = (entry: ArchiveEntry) => `${JSON.stringify(entry)}\n`
  return {
    get size() {
      return size
    },
    read: (from, to) =>
      from < to ? createReadStream(data, { start: from, end: to - 1, highWaterMark: 1 << 20 }) : nothing(),
    async append(bytes) {
      await file.appendFile(bytes)
      size += bytes.length
    },
    async truncate(to) {
      if (to < size) await file.truncate(to)
      size = Math.min(size, to)
    },
    notes: async () => readNotes(await readFile(notes, 'utf8').catch(() => '')),
    note: (entry) => appendFile(notes, lineOf(entry), { mode: 0o600 }),
    async keepNotes(entries) {
      await writeFile(`${notes}.new`, entries.map(lineOf).join(''), { mode: 0o600 })
      await rename(`${notes}.new`, notes)
    },
  }
}

/** The notes up to the first line that is none: a crash may have cut it. */
function readNotes(text: string): ArchiveEntry[] {
  const entries: ArchiveEntry[] = []
  for (const line of text.split('\n')) {
    try {
      entries.push(archiveListSchema.shape.entries.element.parse(JSON.parse(line)))
    } catch {
      break
    }
  }
  return entries
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
