// Files that survive a power cut: what a function here has returned for is on disk.
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '@granary/protocol/node'

/** Makes `path` (and what leads to it) a folder that only this account may enter. */
export async function makePrivateFolder(path: string): Promise<void> {
  await makeFolder(path)
  await chmod(path, 0o700)
}

/**
 * Replaces `path` with `text` in one step, mode 0600: readers see the old content or the new, never a mixture.
 * Several may write at once; the last one stays.
 */
export async function writeDurably(path: string, text: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncFolder(dirname(path))
}

/** Removes what a crash left of files that were being replaced. Nobody may be writing to the folder. */
export async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => /\.[0-9a-f]{12}\.new$/.test(name))
  for (const name of drafts) await rm(join(folder, name))
}

/** The text of `path`, or undefined when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return (await readBytesIfThere(path))?.toString('utf8')
}

/** The bytes of `path`, or undefined when there is no such file. */
export async function readBytesIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Makes names that were added to or taken from a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
