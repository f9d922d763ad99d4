import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { takeLock } from './lock.js'
import { commandLine, type ProcessRecord, runs } from './processes.js'

let dir: string
let file: string
const started: number[] = []
const said: string[] = []
const log = (line: string) => void said.push(line)

/** A process that does nothing. */
function sleeper(name: string): ProcessRecord {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', name], {
    detached: true,
    stdio: 'ignore',
  })
  started.push(child.pid!)
  // There is none yet for a moment after a process has become another program.
  let command: string | undefined
  while (!command) command = commandLine(child.pid!)
  return { name, pid: child.pid!, command }
}

function leave(owner: ProcessRecord, children: ProcessRecord[]): void {
  writeFileSync(file, JSON.stringify({ version: 1, owner, children }))
}

/** What a process that ended left behind: nobody has its pid and command line. */
const gone: ProcessRecord = { name: 'granary up', pid: 2 ** 22 + 1, command: 'node granary.js up' }

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'granary-lock-'))
  file = join(dir, 'lock')
  said.length = 0
})

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // ended by the test
    }
  }
  rmSync(dir, { recursive: true, force: true })
})

describe('the lock of a data directory', () => {
  it('is refused while its owner runs, whose processes stay alone', async () => {
    const owner = sleeper('granary up')
    const child = sleeper('api')
    leave(owner, [child])
    await expect(takeLock(file, log)).rejects.toMatchObject({ code: 'NETWORK_RUNNING' })
    expect(runs(owner) && runs(child)).toBe(true)
  })

  it('is taken over from an owner that is gone, after its processes were ended in order', async () => {
    const [chain, custodian, api, database] = ['chain', 'custodian1', 'api', 'database'].map(sleeper)
    leave(gone, [chain!, custodian!, api!, database!])
    const lock = await takeLock(file, log)
    expect([chain, custodian, api, database].map((one) => runs(one!))).toEqual([false, false, false, false])
    expect(said.map((line) => line.split(' ')[1])).toEqual(['api', 'custodian1', 'database', 'chain'])
    lock.release()
    expect(existsSync(file)).toBe(false)
  })

  it('leaves a process alone that only has the pid of one that was left behind', async () => {
    const other = sleeper('somebody else')
    leave(gone, [{ ...other, command: 'anvil --port 8545' }])
    await takeLock(file, log)
    expect(runs(other)).toBe(true)
  })

  it('is taken over when it is unreadable', async () => {
    writeFileSync(file, '{"version":1,')
    const lock = await takeLock(file, log)
    lock.record([{ name: 'api', pid: 4, command: 'node main.js' }])
    expect(JSON.parse(readFileSync(file, 'utf8')).children).toHaveLength(1)
  })
})
