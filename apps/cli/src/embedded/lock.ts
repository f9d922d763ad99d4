import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { CliError } from '../output.js'
import { replaceJson } from './files.js'
import { commandLine, endProcess, type ProcessRecord, runs } from './processes.js'

const GRACE_MS = 15_000

const recordSchema = z.object({ name: z.string(), pid: z.int().min(1), command: z.string() })
const lockSchema = z.object({
  version: z.literal(1),
  owner: recordSchema,
  children: z.array(recordSchema),
})
type LockFile = z.infer<typeof lockSchema>

/** Holds a data directory for one `granary up`, and remembers which processes belong to it. */
export interface Lock {
  /** Writes down the processes that run now; call it right after each start and end. */
  record(children: readonly ProcessRecord[]): void
  release(): void
}

function read(file: string): { text: string; lock: LockFile | undefined } | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    return { text, lock: lockSchema.parse(JSON.parse(text)) }
  } catch {
    return { text, lock: undefined }
  }
}

/** API, custodians, database, chain: what depends on another ends before it. The chain saves on SIGINT. */
async function endLeftovers(children: readonly ProcessRecord[], log: (line: string) => void): Promise<void> {
  const rank = ({ name }: ProcessRecord) =>
    ['api', 'custodian', 'database', 'chain'].findIndex((kind) => name.startsWith(kind))
  for (const child of [...children].filter(runs).sort((a, b) => rank(a) - rank(b))) {
    log(`ending ${child.name} (process ${child.pid}), left over from a network that was killed`)
    await endProcess(child, child.name === 'chain' ? 'SIGINT' : 'SIGTERM', GRACE_MS)
  }
}

/**
 * Takes the lock of a data directory. One whose owner is gone is taken over: the processes that the owner left behind
 * are ended first, each only if its pid and its command line are those recorded.
 * @throws CliError NETWORK_RUNNING when another `granary up` runs on the directory
 */
export async function takeLock(file: string, log: (line: string) => void): Promise<Lock> {
  const owner: ProcessRecord = {
    name: 'granary up',
    pid: process.pid,
    command: commandLine(process.pid) ?? process.argv.join(' '),
  }
  const content = (children: readonly ProcessRecord[]): LockFile => ({
    version: 1,
    owner,
    children: [...children],
  })
  const draft = `${file}.${process.pid}.new`
  writeFileSync(draft, `${JSON.stringify(content([]), null, 2)}\n`, { mode: 0o600 })
  try {
    await claim(file, draft, log)
  } finally {
    rmSync(draft, { force: true })
  }
  return {
    record: (children) => replaceJson(file, content(children)),
    release: () => rmSync(file, { force: true }),
  }
}

async function claim(file: string, draft: string, log: (line: string) => void): Promise<void> {
  for (;;) {
    try {
      linkSync(draft, file) // fails when the file exists: of two that start at once, one gets it
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const found = read(file)
    if (!found) continue
    // One with our own pid is from before a reboot, or from an earlier life of this container.
    if (found.lock && found.lock.owner.pid !== process.pid && runs(found.lock.owner)) {
      throw new CliError(
        'NETWORK_RUNNING',
        `a network runs there already (process ${found.lock.owner.pid}): stop it first, or choose another directory with --data`,
      )
    }
    await endLeftovers(found.lock?.children ?? [], log)
    const aside = `${draft}.stale`
    try {
      renameSync(file, aside)
    } catch {
      continue // another start was faster
    }
    if (read(aside)?.text !== found.text)
      renameSync(aside, file) // it was that other start's: give it back
    else rmSync(aside)
  }
}
