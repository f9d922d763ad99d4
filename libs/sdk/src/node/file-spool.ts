import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Spool } from '../spool.js'
import { fileWritable } from './file-writable.js'

/** A spool file in `folder` (created with mode 0700; the file has 0600). Its name carries this process' id. */
export function fileSpool(folder: string): Spool {
  const path = join(folder, `${process.pid}-${randomUUID()}.age`)
  return {
    async writable() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return (await fileWritable(path, 0o600)).writable
    },
    source: async () => createReadStream(path),
    remove: () => rm(path, { force: true }),
  }
}

/** Removes what killed processes left in a spool folder; files of processes still alive stay. */
export async function sweepSpool(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const pid = /^(\d+)-[0-9a-f-]{36}\.age$/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(join(folder, name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
