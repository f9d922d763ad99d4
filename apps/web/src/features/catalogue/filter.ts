// What the catalogue is narrowed to. It is kept in the page's address, so that a link shows others the same.
import { DATASET_FORMATS, DATASET_ORDERS, PURPOSES } from './names.js'

export interface Filter {
  /** What was typed. */
  q: string
  pool: number | null
  purposes: string[]
  formats: string[]
  ask: 'yes' | 'no' | null
  /** Bytes: from this many, to fewer than that many; null = without an end. */
  minSize: number | null
  maxSize: number | null
  /** Not registered before this day, `2026-11-26`. */
  since: string | null
  sort: string
}

const whole = (text: string | null, most = Number.MAX_SAFE_INTEGER): number | null =>
  text !== null && /^\d{1,16}$/.test(text) && Number(text) <= most ? Number(text) : null

const among = (list: string | null, names: readonly string[]): string[] => [
  ...new Set((list ?? '').split(',').filter((name) => names.includes(name))),
]

/** A day that is in the calendar: the 30th of February is read as another one, and the API refuses it. */
const isDay = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text).toJSON()?.startsWith(text) === true

/** What an address says. Anything in it that is nothing of ours is passed over. */
export function readFilter(search: string): Filter {
  const given = new URLSearchParams(search)
  const pool = whole(given.get('pool'), 65_535)
  const ask = given.get('ask')
  const since = given.get('since') ?? ''
  const sort = given.get('sort') ?? ''
  return {
    q: (given.get('q') ?? '').slice(0, 200),
    pool: pool === 0 ? null : pool,
    purposes: among(given.get('purposes'), PURPOSES),
    formats: among(given.get('format'), DATASET_FORMATS),
    ask: ask === 'yes' || ask === 'no' ? ask : null,
    minSize: whole(given.get('minSize')),
    maxSize: whole(given.get('maxSize')),
    since: isDay(since) ? since : null,
    sort: DATASET_ORDERS.includes(sort) ? sort : 'newest',
  }
}

/** The address of a filter: only what is chosen, always in the same order. */
export function writeFilter(filter: Filter): string {
  const { q, pool, purposes, formats, ask, minSize, maxSize, since, sort } = filter
  const chosen: [string, string | number | null][] = [
    ['q', q],
    ['pool', pool],
    ['purposes', purposes.join(',')],
    ['format', formats.join(',')],
    ['ask', ask],
    ['minSize', minSize],
    ['maxSize', maxSize],
    ['since', since],
    ['sort', sort === 'newest' ? null : sort],
  ]
  const set = chosen.filter(([, value]) => value !== null && value !== '')
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()
}

/** What the API is asked for: what can be requested now. */
export function queryOf(filter: Filter): string {
  return [writeFilter({ ...filter, sort: 'newest' }), 'status=active'].filter(Boolean).join('&')
}

/** Whether it picks datasets by more than what a request itself says: its pool and purposes. */
export function isPicky({ q, formats, ask, minSize, maxSize, since }: Filter): boolean {
  return q !== '' || formats.length > 0 || [ask, minSize, maxSize, since].some((value) => value !== null)
}

export const EMPTY: Filter = readFilter('')
