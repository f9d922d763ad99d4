import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '@granary/protocol/node'
import type { Spool } from '../spool.js'
import { fileWritable } from './file-writable.js'
import { sweep } from './owned-file.js'

/** A spool file in `folder` (created with mode 0700; the file has 0600). Its name carries this process' id. */
export function fileSpool(folder: string): Spool {
  const path = join(folder, `${process.pid}-${randomUUID()}.age`)
  return {
    async writable() {
      await makeFolder(folder)
      return (await fileWritable(path, 0o600)).writable
    },
    source: async () => createReadStream(path),
    remove: () => rm(path, { force: true }),
  }
}

/** Removes what killed processes left in a spool folder; files of processes still alive stay. */
export async function sweepSpool(folder: string): Promise<void> {
  await sweep(folder, 'age')
}
