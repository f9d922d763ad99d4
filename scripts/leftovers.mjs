// Finds the processes that carry this run's mark in their environment (Linux), or whose command line names this
// checkout's programs and whose parent is gone (elsewhere).
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { platform } from 'node:os'

/** A network whose tests are gone stops in order, one process after the other. */
const GRACE_MS = 20_000

function onLinux(mark) {
  const found = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) continue
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
      if (command) found.push({ pid: Number(pid), command: command.slice(0, 200) })
    } catch {
      // It ended while we looked.
    }
  }
  return found
}

function elsewhere(mark) {
  const { stdout } = spawnSync('ps', ['eww', '-A', '-o', 'pid=,command='], { encoding: 'utf8' })
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.includes(mark) && !line.includes('ps eww'))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 200) }))
    .filter(({ pid }) => pid !== process.pid)
}

/**
 * @param {string} mark a text that every process of the run carries in its environment
 * @returns {Promise<{pid: number, command: string}[]>} those still alive after a short grace
 */
export async function processesMarked(mark) {
  const look = platform() === 'linux' ? onLinux : elsewhere
  const until = Date.now() + GRACE_MS
  let left = look(mark)
  while (left.length > 0 && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    left = look(mark)
  }
  return left
}
