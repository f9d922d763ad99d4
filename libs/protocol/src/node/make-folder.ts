import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/**
 * Makes the folder `path` and what leads to it, for this account alone (mode 0700, less the umask). One that is there
 * stays as it is.
 *
 * Node's recursive mkdir tries for ever where the system says ENOENT of a folder whose parent is there, as below /proc:
 * so the first one that is missing is made by itself.
 *
 * @throws what the system says (ENOENT, EACCES, ENOTDIR, ENOSPC, EROFS …)
 */
export async function makeFolder(path: string): Promise<void> {
  let first = resolve(path)
  while (!existsSync(dirname(first))) first = dirname(first)
  await mkdir(first, 0o700).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await mkdir(path, { recursive: true, mode: 0o700 })
}
