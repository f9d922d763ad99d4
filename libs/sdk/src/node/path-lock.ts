import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isAlive } from './owned-file.js'

/**
 * Holds `file` for this process, by its id in it; answers what gives it back. One whose process is gone is taken over;
 * of two that come at once one gets it.
 *
 * @throws what `held` makes of the process that has it
 */
export async function pathLock(file: string, held: (pid: number) => Error): Promise<() => Promise<void>> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${process.pid}\n`, { mode: 0o600 })
  try {
    while (!(await claimed(draft, file))) {
      const text = await readFile(file, 'utf8').catch(() => undefined)
      if (text === undefined) continue
      const pid = Number(text)
      // One with our own id is from an earlier life of this machine or container.
      if (pid !== process.pid && pid > 0 && isAlive(pid)) throw held(pid)
      const aside = `${draft}.stale`
      const moved = await rename(file, aside).then(
        () => true,
        () => false, // another was faster
      )
      if (!moved) continue
      if ((await readFile(aside, 'utf8')) === text) await rm(aside)
      else await rename(aside, file) // it was that other one's: give it back
    }
  } finally {
    await rm(draft, { force: true })
  }
  return () => rm(file, { force: true })
}

async function claimed(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
