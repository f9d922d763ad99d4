import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { CliError } from '../output.js'
import { commandLine, type ProcessRecord } from './processes.js'

const TAIL_LINES = 6

/** A program of the network: how it is started and how it is ended. */
export interface Program {
  /** `chain`, `database`, `api`, `custodian1` … */
  name: string
  /** the same for people */
  title: string
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  log: string
  /** Node programs get an IPC channel: they say when they are ready, and end when it closes */
  ipc: boolean
  stopSignal: NodeJS.Signals
  stopTimeoutMs: number
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A started program: in its own process group (Ctrl-C does not reach it), its output in its log. */
export interface Child {
  program: Program
  record: ProcessRecord
  exited: Promise<Exit>
  /** the first IPC message of type `ready` */
  ready: Promise<unknown>
  /** Asks it to end, insists after its time, and waits until it is gone. */
  stop(): Promise<void>
}

/** Starts the log anew, keeping the last run's beside it as `<name>.log.1`. */
export function rotateLog(log: string): void {
  if (existsSync(log)) renameSync(log, `${log}.1`)
}

/** The last lines of a log, for the message of a failure. */
export function logTail(log: string): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  } catch {
    return ''
  }
}

/**
 * Starts a program, without a shell or wrapper in between.
 * @throws CliError PROCESS_FAILED when it cannot be started at all
 */
export function startChild(program: Program): Child {
  const { name, title, command, args, env, log, ipc } = program
  const output = openSync(log, 'a', 0o600)
  writeSync(output, `--- ${new Date().toISOString()} starting ${title}\n`)
  const started = spawn(command, [...args], {
    env: { ...env },
    detached: true,
    stdio: ['ignore', output, output, ...(ipc ? (['ipc'] as const) : [])],
  })
  closeSync(output)
  const exited = new Promise<Exit>((resolve) => {
    started.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const ready = new Promise<unknown>((resolve) => {
    started.on('message', (message) => {
      if ((message as { type?: unknown } | null)?.type === 'ready') resolve(message)
    })
  })
  started.on('error', () => {}) // a message that came too late; `exited` and the missing pid tell the rest
  if (started.pid === undefined) {
    throw new CliError('PROCESS_FAILED', `${title} could not be started: ${command} cannot be run`)
  }
  const record = { name, pid: started.pid, command: commandLine(started.pid) ?? [command, ...args].join(' ') }
  return { program, record, exited, ready, stop: () => stop(started, program, exited) }
}

async function stop(child: ChildProcess, program: Program, exited: Promise<Exit>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(program.stopSignal)
  const insist = setTimeout(() => child.kill('SIGKILL'), program.stopTimeoutMs)
  await exited
  clearTimeout(insist)
}
