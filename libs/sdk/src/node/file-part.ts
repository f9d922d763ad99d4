import { createReadStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SealedPart } from '../part.js'
import { isAlive } from './owned-file.js'

/**
 * The part of a dataset's sealed file in `folder`, as `<dataset>.<pid>.part`; pid 0 = no process has it. What a process
 * that is gone left is taken over. Undefined when this process has it open already.
 */
export async function filePart(folder: string, dataset: string): Promise<SealedPart | undefined> {
  const id = dataset.slice(2)
  const path = join(folder, `${id}.${process.pid}.part`)
  if (await stat(path).catch(() => undefined)) return undefined
  await takeOver(folder, id, path)
  const file = await open(path, 'a', 0o600)
  let size = (await file.stat()).size
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= file.close()
    return closing
  }
  return {
    get size() {
      return size
    },
    read: () => createReadStream(path, { start: 0, end: size - 1, highWaterMark: 1 << 20 }),
    async append(chunk) {
      await file.appendFile(chunk)
      size += chunk.length
    },
    async clear() {
      await file.truncate(0)
      size = 0
    },
    async keep() {
      await close()
      if (size === 0) await rm(path, { force: true })
      else await rename(path, join(folder, `${id}.0.part`))
    },
    async remove() {
      await close()
      await rm(path, { force: true })
    },
  }
}

/** Gives the largest part that no living process has this process' name; removes the others. */
async function takeOver(folder: string, id: string, path: string): Promise<void> {
  const left: { name: string; size: number }[] = []
  for (const name of await readdir(folder)) {
    const pid = new RegExp(`^${id}\\.(\\d+)\\.part$`).exec(name)?.[1]
    if (pid === undefined || (pid !== '0' && isAlive(Number(pid)))) continue
    left.push({ name, size: (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0 })
  }
  left.sort((a, b) => b.size - a.size)
  const [largest, ...others] = left
  for (const { name } of others) await rm(join(folder, name), { force: true })
  // Another process may have been quicker: then this one begins anew.
  if (largest) await rename(join(folder, largest.name), path).catch(() => {})
}
