import { randomBytes } from 'node:crypto'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '@granary/protocol/node'
import type { Notes } from './blob-store.port.js'

const ENDING = '.json'

/** Notes as files beside the embedded store's blocks. */
export function embeddedNotes(folder: string): Notes {
  const at = (name: string) => join(folder, `${name}${ENDING}`)
  return {
    async write(name, text) {
      const path = at(name)
      const half = `${path}.${randomBytes(6).toString('hex')}`
      await makeFolder(dirname(path))
      try {
        const file = await open(half, 'w', 0o600)
        try {
          await file.writeFile(text)
          await file.datasync()
        } finally {
          await file.close()
        }
        await rename(half, path)
      } catch (error) {
        await rm(half, { force: true })
        throw error
      }
    },
    read: (name) => readFile(at(name), 'utf8').catch(absent(null)),
    async list(name) {
      const files = await readdir(join(folder, name)).catch(absent<string[]>([]))
      return files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length))
    },
  }
}

const absent =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value
    throw error
  }
