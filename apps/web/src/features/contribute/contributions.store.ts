import { expectFollowing, expectNoMore } from '../../wallet/review.js'
import type { Wallet } from '../../wallet/wallet.js'
import { ContributeError } from './contribute.error.js'
import { type Item, type ItemState, type Snapshot, totalsOf } from './contributions.state.js'
import { Rate } from './rate.js'
import { newRecord, sourceOf } from './record.js'
import { type Contribution, contributeFile, type Phase, pause } from './run.js'
import type { SealJob } from './seal.job.js'
import { hold, release } from './spool.hold.js'
import { findRecord, putRecord, removeSpool } from './spool.records.js'
import { Turns } from './turns.js'
import { discardHeld } from './unfinished.look.js'

/** Contributions that are on their way at once; of them one is sealed and one is uploaded at a time. */
const AT_ONCE = 5
/** Milliseconds between two pictures of progress. */
const FRAME = 200

/** What a contribution that works needs to be stopped. */
interface Running {
  controller: AbortController
  phase: Phase
  isSigned: boolean
  job: SealJob | null
  /** Gives its turns back. */
  turns: Partial<Record<'sealing' | 'uploading', () => void>>
}

/**
 * The contributions of one account. While one file is uploaded the next is sealed and earlier ones are registered, so
 * the spool holds what is on its way and never all of them. One that fails or is cancelled stops no other. This page
 * holds each until it is done, cancelled or cleared.
 */
export class Contributions {
  private snapshot: Snapshot = { items: [], totals: totalsOf([], null) }
  private readonly items = new Map<string, Item>()
  private readonly listeners = new Set<() => void>()
  private readonly running = new Map<string, Running>()
  private readonly rates = new Map<string, Rate>()
  private readonly upload = new Rate()
  private readonly phases = new Set<string>()
  private readonly taken = new Map<string, Promise<boolean>>()
  private readonly sealing = new Turns(1)
  private readonly uploading = new Turns(1)
  private queue: string[] = []
  private timer: ReturnType<typeof setTimeout> | null = null
  private left = false

  constructor(
    private readonly wallet: Wallet,
    /** Something was registered, or let go: lists elsewhere are old. */
    private readonly changed: (what: 'registered' | 'released' | 'identity') => void,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly read = (): Snapshot => this.snapshot

  start(these: readonly Contribution[]): void {
    for (const one of these) this.items.set(one.name, { ...one, state: { kind: 'waiting' } })
    this.enqueue(these.map(({ name }) => name))
    this.show()
  }

  pause(...names: string[]): void {
    for (const name of names) {
      const state = this.items.get(name)?.state
      const now = this.running.get(name)
      if (state?.kind === 'waiting') {
        this.queue = this.queue.filter((other) => other !== name)
        this.set(name, { kind: 'paused', phase: null, done: 0, total: 0 })
        if (now && !now.job) now.controller.abort(pause)
      } else if (state?.kind === 'running' && now && now.phase !== 'registering') {
        this.set(name, { ...state, kind: 'paused' })
        // A sealing that is thrown away begins with another key: it is only held up.
        if (now.phase === 'sealing' && now.job && !state.queued) {
          now.job.hold()
          now.turns.sealing?.()
        } else now.controller.abort(pause)
      }
    }
    this.show()
    this.work()
  }

  resume(...names: string[]): void {
    for (const name of names) {
      if (this.items.get(name)?.state.kind !== 'paused') continue
      const now = this.running.get(name)
      if (now?.job && !now.controller.signal.aborted) {
        const { signal } = now.controller
        this.set(name, { kind: 'waiting' })
        void this.sealing.take(signal).then(
          (leave) => {
            if (this.items.get(name)?.state.kind === 'paused') return leave()
            now.turns.sealing = leave
            now.job?.goOn()
          },
          () => {},
        )
      } else {
        this.set(name, { kind: 'waiting' })
        this.enqueue([name])
      }
    }
    this.show()
  }

  cancel(...names: string[]): void {
    for (const name of names) {
      const item = this.items.get(name)
      const now = this.running.get(name)
      // What is being signed may be on chain already.
      if (!item || !canCancel(item.state) || now?.phase === 'registering') continue
      this.queue = this.queue.filter((other) => other !== name)
      this.set(name, { kind: 'cancelled' })
      if (now && !now.controller.signal.aborted) now.controller.abort()
      else void this.forget(name)
    }
    this.show()
    this.work()
  }

  retry(...names: string[]): void {
    for (const name of names) this.set(name, { kind: 'waiting' })
    this.enqueue(names)
    this.show()
  }

  /** Takes what is over off the list. */
  clear(): void {
    const over = [...this.items.values()].filter(({ state }) => !isOpen(state)).map(({ name }) => name)
    for (const name of over) {
      this.items.delete(name)
      this.rates.delete(name)
    }
    this.letGo(over)
    this.show()
  }

  /** The page goes to another account: what is under way waits for the next visit. */
  leave(): void {
    this.left = true
    this.queue = []
    for (const { controller } of this.running.values()) controller.abort(pause)
    this.letGo([...this.items.keys()].filter((name) => !this.running.has(name)))
  }

  private enqueue(names: readonly string[]): void {
    for (const name of names) {
      // What goes wrong here goes wrong again, and is told, when its turn comes.
      this.taken.set(
        name,
        this.take(name).catch(() => false),
      )
      this.queue.push(name)
    }
    this.work()
  }

  /** Takes a contribution for this page and notes what is to be sealed, so that a reload can tell of it. */
  private async take(name: string): Promise<boolean> {
    await Promise.resolve(this.taken.get(name))
    const item = this.items.get(name)
    if (!item || !(await hold(name))) return false
    if (item.file && !(await findRecord(name)))
      await putRecord({
        ...newRecord(name, this.wallet.address, item.order),
        file: sourceOf(item.file, item.handle),
      })
    return true
  }

  private work(): void {
    while (!this.left && this.running.size < AT_ONCE) {
      const name = this.queue.shift()
      if (name === undefined) return
      const item = this.items.get(name)
      // One that is still stopping comes back by itself.
      if (item && !this.running.has(name)) void this.one(item)
    }
  }

  private async one(item: Item): Promise<void> {
    const { name } = item
    const controller = new AbortController()
    const now: Running = { controller, phase: 'sealing', isSigned: false, job: null, turns: {} }
    const { signal } = controller
    this.running.set(name, now)
    const advance = (state: () => ItemState) => {
      const kind = this.items.get(name)?.state.kind
      if (signal.aborted || (kind !== 'waiting' && kind !== 'running')) return
      this.set(name, state())
      this.show()
    }
    try {
      await this.taken.get(name)
      now.turns.sealing = await this.sealing.take(signal)
      const done = await contributeFile(item, this.wallet, {
        signal,
        onSigned: () => {
          now.isSigned = true
        },
        onSealing: (job) => {
          now.job = job
        },
        onSealed: async () => {
          now.job = null
          now.phase = 'uploading'
          advance(() => this.runningState(name, 'uploading', 0, item.order.size, { queued: true }))
          now.turns.uploading = await this.uploading.take(signal)
          now.turns.sealing?.()
        },
        onProgress: (phase, at, total, away = false) => {
          if (phase === 'registering') expectFollowing('Contribution', () => this.unsigned() - 1)
          now.phase = phase
          if (phase === 'registering') now.turns.uploading?.()
          advance(() => this.runningState(name, phase, at, total, { away }))
        },
      })
      this.set(name, { kind: 'done', ...done })
      this.letGo([name])
      this.changed('registered')
    } catch (error) {
      await this.stopped(name, signal, error)
    } finally {
      now.turns.sealing?.()
      now.turns.uploading?.()
      this.running.delete(name)
      this.changed('identity')
      if (this.left) this.letGo([name])
      // It was resumed before it had stopped.
      if (this.items.get(name)?.state.kind === 'waiting' && !this.queue.includes(name)) this.queue.push(name)
      if (this.running.size === 0) {
        this.upload.rest()
        expectNoMore('Contribution')
      }
      this.show()
      this.work()
    }
  }

  private async stopped(name: string, signal: AbortSignal, error: unknown): Promise<void> {
    if (!signal.aborted) {
      const record = await findRecord(name).catch(() => null)
      this.set(name, { kind: 'failed', ...failure(error), kept: record?.sealed != null })
    } else if (signal.reason !== pause && this.items.get(name)?.state.kind === 'cancelled') {
      this.letGo([name])
    }
  }

  /** How many their owner has still to sign: the review of one may speak for the others. */
  private unsigned(): number {
    const open = [...this.items.values()].filter(({ state }) => isOpen(state))
    return open.filter(({ name }) => !this.running.get(name)?.isSigned).length
  }

  private runningState(
    name: string,
    phase: Phase,
    done: number,
    total: number,
    { away = false, queued = false },
  ): ItemState {
    const key = `${name}/${phase}`
    let rate = this.rates.get(name)
    if (!rate || !this.phases.has(key)) {
      rate = new Rate()
      this.rates.set(name, rate)
      this.phases.add(key)
    }
    if (!queued) rate.see(done)
    return { kind: 'running', phase, done, total, away, queued, speed: rate.perSecond }
  }

  private set(name: string, state: ItemState): void {
    const item = this.items.get(name)
    if (!item) return
    this.items.set(name, { ...item, state })
    if (state.kind !== 'running') for (const key of PHASES) this.phases.delete(`${name}/${key}`)
  }

  /** What was cancelled before it began, or while it was paused, leaves nothing here or on the server. */
  private async forget(name: string): Promise<void> {
    const mine = await this.taken.get(name)
    if (mine) await discardHeld(name).catch(() => removeSpool(name))
    this.letGo([name])
  }

  private letGo(names: readonly string[]): void {
    for (const name of names) {
      release(name)
      this.taken.delete(name)
    }
    if (names.length > 0) this.changed('released')
  }

  private show(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = null
        const items = [...this.items.values()]
        const { uploaded } = totalsOf(items, null)
        this.upload.see(uploaded)
        this.snapshot = { items, totals: totalsOf(items, this.upload.perSecond) }
        for (const listener of this.listeners) listener()
      },
      this.listeners.size === 0 ? 0 : FRAME,
    )
  }
}

const PHASES: readonly Phase[] = ['sealing', 'uploading', 'registering']

const isOpen = ({ kind }: ItemState) => kind === 'waiting' || kind === 'running' || kind === 'paused'

export const canCancel = (state: ItemState) =>
  isOpen(state) && !(state.kind === 'running' && state.phase === 'registering')

export const canPause = (state: ItemState) =>
  state.kind === 'waiting' || (state.kind === 'running' && state.phase !== 'registering')

/** The same file on the same terms fails again. */
const FOR_GOOD = new Set(['POOL_IS_CLOSED', 'POOL_UNKNOWN'])

/** Whether there is anything left to go on with. */
export const canRetry = ({ state, file }: Item) =>
  (state.kind === 'failed' && !FOR_GOOD.has(state.code) && (file !== null || state.kept)) ||
  (state.kind === 'cancelled' && file !== null)

function failure(error: unknown) {
  if (error instanceof ContributeError) return { code: error.code, message: error.message }
  return { code: 'UNKNOWN', message: error instanceof Error ? error.message : String(error) }
}
