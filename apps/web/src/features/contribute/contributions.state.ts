// Where each contribution stands, and what they come to together.
import { secondsLeft } from './rate.js'
import type { Contribution, Phase } from './run.js'

export type ItemState =
  | { kind: 'waiting' }
  | {
      kind: 'running'
      phase: Phase
      done: number
      total: number
      away: boolean
      /** Sealed; another file is being uploaded. */
      queued: boolean
      /** Bytes a second of this phase; null while nothing can be said. */
      speed: number | null
    }
  /** `phase`: where it stopped; null = it had not begun. */
  | { kind: 'paused'; phase: Phase | null; done: number; total: number }
  | { kind: 'done'; id: string; transaction: string }
  /** `kept`: its sealed file is, so trying again goes on with it. */
  | { kind: 'failed'; code: string; message: string; kept: boolean }
  | { kind: 'cancelled' }

export interface Item extends Contribution {
  state: ItemState
}

export interface Totals {
  /** Without those that were cancelled. */
  files: number
  done: number
  failed: number
  paused: number
  /** Something works, or waits for its turn. */
  busy: boolean
  /** From 0 to 1. */
  part: number
  bytes: number
  uploaded: number
  /** Bytes a second that are uploaded. */
  speed: number | null
  secondsLeft: number | null
}

export interface Snapshot {
  items: readonly Item[]
  totals: Totals
}

/** Sealing is a small part of the way of a file, uploading nearly all of it. */
const SEALING = 0.15
const UPLOADING = 0.8

/** Of one phase, from 0 to 1. An empty file is sealed at once. */
export function fraction(state: ItemState, phase: Phase): number {
  if (state.kind === 'done') return 1
  if (state.kind !== 'running' && state.kind !== 'paused') return 0
  const order: Phase[] = ['sealing', 'uploading', 'registering']
  const at = state.phase === null ? -1 : order.indexOf(state.phase)
  const of = order.indexOf(phase)
  if (at !== of) return at > of ? 1 : 0
  return state.total === 0 ? 0 : Math.min(1, state.done / state.total)
}

export function totalsOf(items: readonly Item[], speed: number | null): Totals {
  const counted = items.filter(({ state }) => state.kind !== 'cancelled')
  const of = (kind: ItemState['kind']) => counted.filter(({ state }) => state.kind === kind).length
  // One byte more for each, so that empty files count.
  const bytes = counted.reduce((sum, { order }) => sum + order.size, 0)
  let way = 0
  let uploaded = 0
  for (const { order, state } of counted) {
    const upload = fraction(state, 'uploading')
    const part = fraction(state, 'sealing') * SEALING + upload * UPLOADING
    way += (order.size + 1) * (part + fraction(state, 'registering') * (1 - SEALING - UPLOADING))
    uploaded += order.size * upload
  }
  const isOver = (kind: string) => kind === 'done' || kind === 'failed' || kind === 'paused'
  const open = counted.filter(({ state }) => !isOver(state.kind))
  const left = open.reduce(
    (sum, { order, state }) => sum + order.size * (1 - fraction(state, 'uploading')),
    0,
  )
  return {
    files: counted.length,
    done: of('done'),
    failed: of('failed'),
    paused: of('paused'),
    busy: open.length > 0,
    part: counted.length === 0 ? 0 : way / (bytes + counted.length),
    bytes,
    uploaded,
    speed,
    secondsLeft: open.length === 0 ? null : secondsLeft(left, speed),
  }
}
