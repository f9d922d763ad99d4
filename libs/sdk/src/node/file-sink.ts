import { randomUUID } from 'node:crypto'
import { link, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GranaryError } from '@granary/protocol'
import type { Sink } from '../fetch.js'
import { fileFault } from './file-fault.js'
import { fileWritable } from './file-writable.js'

/**
 * Writes one opened dataset to `path`, under a hidden name until everything about it was verified. Never overwrites:
 * throws FILE_EXISTS, before any work when the file is there already.
 */
export async function fileSink(path: string): Promise<Sink> {
  const exists = () => new GranaryError('FILE_EXISTS', `${path} exists already`)
  if (await stat(path).catch(() => undefined)) throw exists()
  return {
    async open() {
      const partial = join(dirname(path), `.${basename(path).slice(0, 100)}-${randomUUID().slice(0, 8)}.part`)
      const { writable, release } = await fileWritable(partial, 0o600).catch((error) => {
        throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`)
      })
      const remove = () => rm(partial, { force: true })
      return {
        writable,
        async commit() {
          await link(partial, path)
            .catch((error: NodeJS.ErrnoException) => {
              throw error.code === 'EEXIST' ? exists() : error
            })
            .finally(remove)
        },
        async discard() {
          await release()
          await remove()
        },
      }
    },
  }
}
