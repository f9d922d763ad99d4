import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processesMarked } from '../../scripts/leftovers.mjs'
// `.ts`: global-setup.ts brings this file in by require.
import { testServices } from './services.ts'

const PROGRAM = join(import.meta.dirname, '../../apps/cli/bin/granary.js')
const START_MS = 150_000
const STOP_MS = 60_000

export type ProcessName = 'api' | 'chain' | 'database' | 'custodian1' | 'custodian2' | 'custodian3'

/** What `granary up --json` says when it is ready. */
export interface NetworkFacts {
  chainId: number
  apiUrl: string
  rpcUrl: string
  databaseUrl: string
  deployment: string
  dataDir: string
  /** the real ones, by URL; what is missing is embedded */
  services: { database?: string; kubo?: string }
  ports: { api: number; rpc: number; database: number; custodians: number[] }
  custodians: { endpoint: string; dir: string }[]
  pids: Record<string, number>
}

/** One run of the built `granary up`, driven from outside as a person would: by signals and files. */
export interface RunningNetwork {
  facts: NetworkFacts
  dir: string
  /** how long it took from the start of the program to its readiness */
  startedInMs: number
  /** what it said so far on stderr */
  said(): string
  /** resolves with its exit code when it ends, null when a signal ended it */
  exited: Promise<number | null>
  /** the processes that run now, by name; `up` is the parent */
  pids(): Record<string, number>
  /** ends one process as `kill` does, and waits until it is gone; it stays down until `startStopped` */
  stop(name: ProcessName): Promise<void>
  /** starts again what was stopped, and waits for all of them */
  startStopped(): Promise<void>
  /** SIGKILL to one process, and waits until it is gone */
  kill(name: ProcessName | 'up'): Promise<void>
  /**
   * Ctrl-C, waits for the end, then looks for processes and listening ports left behind. Removes the data directory
   * unless it was given.
   * @throws Error that lists what was left behind
   */
  end(): Promise<void>
}

export interface NetworkOptions {
  /**
   * An existing data directory to continue with; without it a new one, removed by `end`. A directory of one's own is
   * always wholly embedded; a new one uses the real services that services.ts finds.
   */
  dir?: string
  args?: readonly string[]
  env?: Record<string, string>
}

/** The failure of a start: exit code and the JSON document `{error: {code, message}}`. */
export class StartFailed extends Error {
  constructor(
    readonly exitCode: number | null,
    readonly code: string | undefined,
    said: string,
  ) {
    super(`granary up ended with exit code ${exitCode} (${code})\n${said}`)
  }
}

/**
 * Starts `granary up --port 0 --json` and waits until it is ready.
 * @throws StartFailed
 */
export async function startNetwork(options: NetworkOptions = {}): Promise<RunningNetwork> {
  const dir = options.dir ?? join(mkdtempSync(join(tmpdir(), 'granary-net-')), 'data')
  const mark = `granary-world-${randomBytes(8).toString('hex')}`
  const started = Date.now()
  const services = options.dir || options.args ? undefined : await testServices()
  const args = options.args ?? ['--port', '0', ...(services?.args ?? [])]
  const { NODE_OPTIONS: _, ...env } = process.env
  const up = spawn(process.execPath, [PROGRAM, 'up', '--data', dir, '--json', ...args], {
    env: { ...env, ...options.env, GRANARY_TEST_WORLD_MARK: mark },
    // With the channel it ends when the tests are killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = new Promise<number | null>((resolve) => up.once('close', resolve))
  const said: string[] = []
  up.stderr!.on('data', (chunk) => said.push(String(chunk)))
  if (process.env.GRANARY_TEST_VERBOSE) up.stderr!.pipe(process.stderr)

  const remove = async () => {
    await services?.remove()
    if (!options.dir) rmSync(join(dir, '..'), { recursive: true, force: true })
  }
  const document = await firstDocument(up, exited, () => said.join('')).catch(async (error) => {
    await remove()
    throw error
  })
  const facts = document as NetworkFacts
  const pids = () => pidsOf(dir)
  return {
    facts,
    dir,
    startedInMs: Date.now() - started,
    said: () => said.join(''),
    exited,
    pids,
    stop: (name) => signalAndWait(pids()[name], 'SIGTERM', name),
    async startStopped() {
      const names = Object.keys(facts.pids)
      await waitFor('the processes that were stopped', () => {
        // Told again: a process may be gone before the network has noticed, and only then it can be started.
        process.kill(up.pid!, 'SIGUSR2')
        return names.every((name) => isAlive(pids()[name]))
      })
      await Promise.all([waitReady(facts.apiUrl), ...facts.custodians.map((one) => waitReady(one.endpoint))])
    },
    async kill(name) {
      if (name !== 'up') return signalAndWait(pids()[name], 'SIGKILL', name)
      up.kill('SIGKILL')
      await exited
    },
    async end() {
      if (up.exitCode === null && up.signalCode === null) up.kill('SIGINT')
      const ended = await Promise.race([exited.then(() => true), sleep(STOP_MS, false, { ref: false })])
      const left = await processesMarked(mark)
      for (const { pid } of left) process.kill(pid, 'SIGKILL')
      const ports = [facts.ports.api, facts.ports.rpc, facts.ports.database, ...facts.ports.custodians]
      const open = left.length > 0 ? [] : await listening(ports)
      await remove()
      const faults = [
        ...(ended ? [] : [`granary up did not end within ${STOP_MS / 1000} s`]),
        ...left.map(({ pid, command }) => `process left behind: ${pid} ${command}`),
        ...open.map((port) => `port left open: ${port}`),
      ]
      if (faults.length > 0) throw new Error(faults.join('\n'))
    },
  }
}

/** The one JSON document on stdout; the rest of the run prints nothing there. */
async function firstDocument(up: ChildProcess, exited: Promise<number | null>, said: () => string) {
  let text = ''
  const document = new Promise<unknown>((resolve) => {
    up.stdout!.on('data', (chunk) => {
      text += String(chunk)
      try {
        resolve(JSON.parse(text))
      } catch {
        // not complete yet
      }
    })
  })
  const timeout = sleep(START_MS, 'timeout' as const, { ref: false })
  const first = await Promise.race([document, exited.then(() => 'exit' as const), timeout])
  const error = (first as { error?: { code?: string } } | undefined)?.error
  if (first !== 'exit' && first !== 'timeout' && !error) return first
  if (first === 'timeout') up.kill('SIGINT')
  const exitCode = await exited
  const code = error?.code ?? (JSON.parse(text || '{}') as { error?: { code?: string } }).error?.code
  throw new StartFailed(exitCode, code, `${text}${said()}`)
}

function pidsOf(dir: string): Record<string, number> {
  const file = join(dir, 'network.json')
  if (!existsSync(file)) return {}
  return (JSON.parse(readFileSync(file, 'utf8')) as { pids: Record<string, number> }).pids
}

/** Whether a process runs; one that has ended and was not yet waited for does not. */
export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
    const status = `/proc/${pid}/status`
    return !existsSync('/proc/self/status') || /^State:\s+[^ZX]/m.test(readFileSync(status, 'utf8'))
  } catch {
    return false // or it ended while we looked
  }
}

async function signalAndWait(pid: number | undefined, signal: NodeJS.Signals, name: string): Promise<void> {
  if (pid === undefined) throw new Error(`${name} does not run`)
  process.kill(pid, signal)
  await waitFor(`the end of ${name}`, () => !isAlive(pid))
}

/** Asks again and again, a minute at most; a probe that rejects has not happened yet. */
export async function waitFor(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + 60_000
  const attempt = async () => {
    try {
      return await probe()
    } catch {
      return false
    }
  }
  while (!(await attempt())) {
    if (Date.now() > until) throw new Error(`waited a minute for ${what}`)
    await sleep(100)
  }
}

function waitReady(url: string): Promise<void> {
  return waitFor(url, async () => (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) })).ok)
}

async function listening(ports: readonly number[]): Promise<number[]> {
  const open = await Promise.all(
    ports.map(
      (port) =>
        new Promise<boolean>((resolve) => {
          const socket = createConnection({ host: '127.0.0.1', port })
          const done = (answer: boolean) => {
            socket.destroy()
            resolve(answer)
          }
          socket.once('connect', () => done(true))
          socket.once('error', () => done(false))
        }),
    ),
  )
  return ports.filter((_, index) => open[index])
}
