import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from '../output.js'
import { type Child, type Exit, logTail, type Program, startChild } from './child.js'
import type { ProcessRecord } from './processes.js'

const MOST_RESTARTS = 3
const RESTARTS_WITHIN_MS = 60_000

/** A program that is watched. */
export interface Service {
  program: Program
  /** resolves when it answers; what `startTimeoutMs` bounds */
  ready(child: Child): Promise<unknown>
  startTimeoutMs: number
  /** whether the network can go on while it is restarted */
  restart: boolean
}

/** What the end of a process looked like, in words. */
const describe = ({ code, signal }: Exit) =>
  signal ? `was ended by ${signal}` : code === 0 ? 'ended' : `failed with exit code ${code}`

/**
 * Keeps the network's processes running.
 *
 * A process that crashes is started again, at most three times a minute; past that, and whenever the chain ends (what
 * the others know of it would be newer than what it saved), everything is stopped and `failed` rejects. A process that
 * somebody ended on purpose (SIGTERM, SIGINT or a clean exit) stays down until `startStopped`.
 */
export class Supervisor {
  readonly failed: Promise<never>
  private fail!: (error: Error) => void
  private readonly running = new Map<string, Child>()
  private readonly stopped = new Map<string, Service>()
  private readonly restarts = new Map<string, number[]>()
  private stopping = false

  constructor(
    private readonly log: (line: string) => void,
    private readonly changed: (processes: ProcessRecord[]) => void,
  ) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject
    })
    this.failed.catch(() => {})
  }

  /**
   * Starts a service and waits until it is ready; watches it from then on.
   * @throws CliError PROCESS_FAILED, START_TIMEOUT
   */
  async start(service: Service): Promise<Child> {
    const { program, startTimeoutMs } = service
    const child = this.spawn(program)
    let expired = false
    const limit = sleep(startTimeoutMs, undefined, { ref: false }).then(() => {
      expired = true
    })
    const exit = await Promise.race([child.exited, limit, service.ready(child).then(() => undefined)])
    if (exit || expired) {
      const what = exit ? describe(exit) : `was not ready after ${startTimeoutMs / 1000} s`
      if (!exit) await this.end(child)
      throw new CliError(
        exit ? 'PROCESS_FAILED' : 'START_TIMEOUT',
        `${program.title} ${what}. The end of its log, ${program.log}:\n${logTail(program.log)}`,
      )
    }
    this.watch(service, child)
    return child
  }

  /** Starts again whatever was ended on purpose. */
  async startStopped(): Promise<void> {
    const services = [...this.stopped.values()]
    this.stopped.clear()
    await Promise.all(services.map((service) => this.again(service)))
  }

  /** Stops everything: API, custodians, database, chain, each after the one before it is gone. */
  async stopAll(): Promise<void> {
    this.stopping = true
    for (const kind of ['api', 'custodian', 'database', 'chain']) {
      const children = [...this.running.values()].filter(({ record }) => record.name.startsWith(kind))
      await Promise.all(children.map((child) => this.end(child)))
    }
  }

  private spawn(program: Program): Child {
    if (this.stopping) throw new CliError('NETWORK_STOPPING', 'the network is stopping')
    const child = startChild(program)
    this.running.set(program.name, child)
    this.tell()
    void child.exited.then(() => {
      if (this.running.get(program.name) !== child) return
      this.running.delete(program.name)
      this.tell()
    })
    return child
  }

  private async end(child: Child): Promise<void> {
    await child.stop()
    await child.exited
  }

  private tell(): void {
    this.changed([...this.running.values()].map(({ record }) => record))
  }

  private watch(service: Service, child: Child): void {
    void child.exited.then(async (exit) => {
      if (this.stopping) return
      const { title, log, name } = service.program
      const what = `${title} ${describe(exit)} (log: ${log})`
      if (!service.restart) {
        this.fail(new CliError('PROCESS_FAILED', `${what}; the network cannot go on without it`))
        return
      }
      if (exit.code === 0 || exit.signal === 'SIGTERM' || exit.signal === 'SIGINT') {
        this.stopped.set(name, service)
        this.log(`${what}. It stays down; to start it again: kill -USR2 ${process.pid}`)
        return
      }
      this.log(`${what}; starting it again`)
      await this.restart(service)
    })
  }

  /** After a crash: a little later each time, and not for ever. */
  private async restart(service: Service): Promise<void> {
    const { name, title, log } = service.program
    const now = Date.now()
    const recent = (this.restarts.get(name) ?? []).filter((time) => now - time < RESTARTS_WITHIN_MS)
    if (recent.length >= MOST_RESTARTS) {
      this.fail(new CliError('PROCESS_FAILED', `${title} keeps failing; its log: ${log}`))
      return
    }
    this.restarts.set(name, [...recent, now])
    await sleep(250 * 2 ** recent.length)
    await this.again(service)
  }

  private async again(service: Service): Promise<void> {
    if (this.stopping) return
    try {
      await this.start(service)
      this.log(`${service.program.title} runs again`)
    } catch (error) {
      if (this.stopping) return
      this.log((error as Error).message)
      await this.restart(service)
    }
  }
}
