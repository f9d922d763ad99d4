import { createReadStream } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { GranaryError } from '@granary/protocol'
import { makeFolder } from '@granary/protocol/node'
import { z } from 'zod'
import type { OpenArchive } from '../archive/read.js'
import type { Spool } from '../spool.js'
import { fileFault } from './file-fault.js'
import { fileWritable } from './file-writable.js'

/** An archive on disk, to be read as often as wanted. Throws FILE_UNREADABLE. */
export async function archiveSource(path: string): Promise<OpenArchive> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`)
  })
  if (!facts.isFile()) throw new GranaryError('FILE_UNREADABLE', `${path} is not a file`)
  return () =>
    Readable.toWeb(
      createReadStream(path, { highWaterMark: 1 << 20 }),
    ) as unknown as ReadableStream<Uint8Array>
}

const stateSchema = z.object({ size: z.int(), upload: z.string().nullable() })

/**
 * A spool in `folder` for a sealed file out of an archive, by its CID: a later restore finds the file and where its
 * upload was. It holds ciphertext and the upload's URL.
 */
export function restoreSpool(folder: string, cid: string): Spool {
  const data = join(folder, `${cid}.restore`)
  const state = `${data}.json`
  return {
    async recall() {
      try {
        const { size, upload } = stateSchema.parse(JSON.parse(await readFile(state, 'utf8')))
        if ((await stat(data)).size !== size) return undefined
        return { cid, content: '0x', rawRoot: false, size, upload }
      } catch {
        return undefined
      }
    },
    async writable() {
      await makeFolder(folder)
      await rm(state, { force: true })
      await rm(data, { force: true })
      return (await fileWritable(data, 0o600)).writable
    },
    source: async () => createReadStream(data),
    async remember({ size, upload }) {
      await writeFile(`${state}.new`, JSON.stringify({ size, upload }), { mode: 0o600 })
      await rename(`${state}.new`, state)
    },
    keep: async () => {},
    async remove() {
      await rm(state, { force: true })
      await rm(data, { force: true })
    },
  }
}
