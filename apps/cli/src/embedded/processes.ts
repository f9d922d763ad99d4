import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 50

/** A process as the lock remembers it: a pid alone could by now be somebody else's. */
export interface ProcessRecord {
  name: string
  pid: number
  command: string
}

/** The command line of a process, its words joined by spaces; undefined when there is none such or it has ended. */
export function commandLine(pid: number): string | undefined {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
    } catch {
      return undefined
    }
  }
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout?.trim() || undefined
}

/** Whether the very process that was recorded still runs: pid and command line both match. */
export function runs({ pid, command }: ProcessRecord): boolean {
  return commandLine(pid) === command
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Ends a recorded process that is no child of ours: asks with `first`, insists with SIGKILL after `graceMs`. */
export async function endProcess(
  record: ProcessRecord,
  first: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  if (!runs(record)) return
  signal(record.pid, first)
  const until = Date.now() + graceMs
  while (runs(record) && Date.now() < until) await sleep(POLL_MS)
  if (!runs(record)) return
  signal(record.pid, 'SIGKILL')
  while (runs(record)) await sleep(POLL_MS)
}
