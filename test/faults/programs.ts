import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a program is started. */
export interface Plan {
  name: string
  command: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  log: string
  /** says so over IPC when it is ready; else this asks it */
  isReady: 'message' | (() => Promise<boolean>)
}

/** A program that ended though nobody ended it. */
export interface Death {
  name: string
  at: string
  code: number | null
  signal: NodeJS.Signals | null
  /** the last lines of its log */
  tail: string
}

const READY_MS = 60_000
const AGAIN_MS = 500

/**
 * One program under a watch: whoever ends by itself is noted and started again, as a service manager would. A start that
 * fails before the program was ready is repeated and only counted, for what it needs may be down.
 */
export class Program {
  readonly deaths: Death[] = []
  failedStarts = 0
  private child: ChildProcess | undefined
  private gone: Promise<void> = Promise.resolve()
  private isWanted = false
  private isUp = false
  private starting: Promise<void> | undefined

  constructor(private readonly plan: Plan) {}

  get name(): string {
    return this.plan.name
  }

  get pid(): number | undefined {
    return this.child?.pid
  }

  /** Starts it, again and again if need be, and waits until it is ready. */
  start(): Promise<void> {
    this.isWanted = true
    if (this.isUp) return Promise.resolve()
    this.starting ??= this.untilReady().finally(() => {
      this.starting = undefined
    })
    return this.starting
  }

  /** Ends it with a signal, of which nobody is told beforehand, and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.isWanted = false
    const { child } = this
    if (child && child.exitCode === null && child.signalCode === null) child.kill(signal)
    const late = sleep(20_000, 'late', { ref: false })
    if (child && (await Promise.race([this.gone, late])) === 'late') child.kill('SIGKILL')
    await this.gone
    await this.starting?.catch(() => {})
  }

  pause(): void {
    this.child?.kill('SIGSTOP')
  }

  resume(): void {
    this.child?.kill('SIGCONT')
  }

  /** Says something to a Node program, see test/support/skewed-clock.mjs. */
  tell(message: object): void {
    if (this.child?.connected) this.child.send(message, () => {})
  }

  private async untilReady(): Promise<void> {
    const until = Date.now() + READY_MS
    while (this.isWanted) {
      if (await this.once()) return
      if (!this.isWanted) return
      if (Date.now() > until) throw new Error(`${this.name} does not start\n${this.tail()}`)
      this.failedStarts += 1
      await sleep(AGAIN_MS)
    }
  }

  /** Whether this start made it to readiness. */
  private async once(): Promise<boolean> {
    const { name, command, args, env, log, isReady } = this.plan
    const output = openSync(log, 'a', 0o600)
    writeSync(output, `--- ${new Date().toISOString()} ${name} is started\n`)
    const byMessage = isReady === 'message'
    const child = spawn(command, [...args], {
      env,
      stdio: ['ignore', output, output, ...(byMessage ? (['ipc'] as const) : [])],
    })
    closeSync(output)
    let isGone = false
    this.child = child
    child.on('error', () => {})
    this.gone = new Promise((done) =>
      child.once('exit', (code, signal) => {
        const wasUp = this.isUp
        isGone = true
        this.isUp = false
        done()
        if (!wasUp || !this.isWanted) return
        this.deaths.push({ name, at: new Date().toISOString(), code, signal, tail: this.tail() })
        this.start().catch(() => {})
      }),
    )
    const ready = byMessage
      ? new Promise<void>((done) =>
          child.on('message', (said) => (said as { type?: string }).type === 'ready' && done()),
        )
      : (async () => {
          while (!isGone && !(await isReady().catch(() => false))) await sleep(50)
        })()
    const late = setTimeout(() => child.kill('SIGKILL'), READY_MS)
    await Promise.race([ready, this.gone])
    clearTimeout(late)
    this.isUp = !isGone
    return this.isUp
  }

  private tail(): string {
    return readFileSync(this.plan.log, 'utf8').trimEnd().split('\n').slice(-12).join('\n')
  }
}
