import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { ProcessRecord } from './processes.js'
import { type Service, Supervisor } from './supervisor.js'

const READY = `process.send({type: 'ready'}); process.on('disconnect', () => process.exit(0)); process.on('SIGTERM', () => process.exit(0));`

let dir: string
let supervisor: Supervisor
let running: ProcessRecord[]
let said: string[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'granary-supervisor-'))
  running = []
  said = []
  supervisor = new Supervisor(
    (line) => said.push(line),
    (processes) => {
      running = processes
    },
  )
})

afterEach(async () => {
  await supervisor.stopAll()
  rmSync(dir, { recursive: true, force: true })
})

function service(name: string, script: string, options: Partial<Service> = {}): Service {
  return {
    program: {
      name,
      title: name,
      command: process.execPath,
      args: ['-e', script],
      env: { PATH: process.env.PATH ?? '' },
      log: join(dir, `${name}.log`),
      ipc: true,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 500,
    },
    ready: (child) => child.ready,
    startTimeoutMs: 30_000,
    restart: true,
    ...options,
  }
}

const pidOf = (name: string) => running.find((record) => record.name === name)?.pid

async function until(probe: () => boolean) {
  for (let tries = 0; !probe(); tries += 1) {
    if (tries > 200) throw new Error('it did not happen')
    await sleep(50)
  }
}

describe('a start', () => {
  it('fails with the end of the log when the process ends before it is ready', async () => {
    const start = supervisor.start(service('api', `console.error('no such table'); process.exit(3)`))
    await expect(start).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: expect.stringContaining('no such table'),
    })
  })

  it('fails when the process is not ready in time, and ends it', async () => {
    const start = supervisor.start(service('api', 'setInterval(() => {}, 1000)', { startTimeoutMs: 300 }))
    await expect(start).rejects.toMatchObject({ code: 'START_TIMEOUT' })
    expect(running).toEqual([])
  })

  it('fails when there is no such program', async () => {
    const broken = service('chain', '')
    const program = { ...broken.program, command: join(dir, 'missing') }
    await expect(supervisor.start({ ...broken, program })).rejects.toMatchObject({ code: 'PROCESS_FAILED' })
  })
})

describe('a process that runs', () => {
  it('is started again when it crashes', async () => {
    await supervisor.start(service('api', `${READY} setInterval(() => {}, 1000)`))
    const first = pidOf('api')!
    process.kill(first, 'SIGKILL')
    await until(() => pidOf('api') !== undefined && pidOf('api') !== first)
    expect(said[0]).toContain('SIGKILL')
  })

  it('stays down when somebody ends it, until it is asked for', async () => {
    await supervisor.start(service('custodian1', `${READY} setInterval(() => {}, 1000)`))
    process.kill(pidOf('custodian1')!, 'SIGTERM')
    await until(() => running.length === 0)
    await sleep(600)
    expect(running).toEqual([])
    await supervisor.startStopped()
    expect(pidOf('custodian1')).toBeDefined()
  })

  it('ends the network when it keeps crashing', async () => {
    const [count, broken] = [join(dir, 'count'), join(dir, 'broken')]
    writeFileSync(count, '')
    // Not before its first start is over: an end that is noticed before the readiness is a failed start.
    const script = `${READY} require('fs').appendFileSync(${JSON.stringify(count)}, 'x'); setInterval(() => require('fs').existsSync(${JSON.stringify(broken)}) && process.exit(1), 20)`
    await supervisor.start(service('api', script))
    writeFileSync(broken, '')
    await expect(supervisor.failed).rejects.toMatchObject({ code: 'PROCESS_FAILED' })
    expect(readFileSync(count, 'utf8')).toBe('xxxx')
  })

  it('ends the network at once when the others cannot go on without it', async () => {
    await supervisor.start(service('chain', `${READY} setInterval(() => {}, 1000)`, { restart: false }))
    process.kill(pidOf('chain')!, 'SIGKILL')
    await expect(supervisor.failed).rejects.toMatchObject({ code: 'PROCESS_FAILED' })
  })

  it('is killed when it does not end in its time', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); process.send({type: 'ready'}); setInterval(() => {}, 1000)`
    await supervisor.start(service('database', stubborn))
    await supervisor.stopAll()
    expect(running).toEqual([])
  })

  it('is not joined by another once the network stops', async () => {
    await supervisor.stopAll()
    await expect(supervisor.start(service('api', READY))).rejects.toMatchObject({ code: 'NETWORK_STOPPING' })
  })
})
