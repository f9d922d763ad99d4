import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

// Files that belong to a process carry its id in front of their name, so that another one knows which were left behind.

/** Whether a process with this id runs now. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes `<pid>-<uuid>.<ending>` of processes that are gone; files of processes still alive stay. */
export async function sweep(folder: string, ending: string): Promise<void> {
  const pattern = new RegExp(`^(\\d+)-[0-9a-f-]{36}\\.${ending}$`)
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = pattern.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(join(folder, name), { force: true })
  }
}
