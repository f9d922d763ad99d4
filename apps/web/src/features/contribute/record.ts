// What this browser remembers of a contribution until it is confirmed: what was asked, and what is sealed for it. No
// key and no content; the file's own name only until it is sealed, so that its owner is told which one is missing.
import type { DatasetSchema, PurposeName } from '@granary/protocol'
import type { Sealed, SPOOL_DAYS } from '@granary/sdk'
import { missingConsent } from './draft.js'

/** What is asked for one file. */
export interface Order {
  title: string
  /** Public, too; '' = none. Older records have neither. */
  description?: string
  /** What is published about the inside of the file; null = nothing. */
  schema?: DatasetSchema | null
  type: string
  /** Of the file itself, in bytes. */
  size: number
  pool: number
  purposes: PurposeName[]
  /** null = until withdrawn */
  expires: Date | null
  ask: boolean
}

export interface SpoolRecord {
  version: 'granary/web-spool/v1'
  /** Of the sealed file in the origin private file system. */
  name: string
  /** The account, lower case. */
  account: string
  order: Order
  /** The sealed file once it is complete, and the keys that it was sealed to. */
  sealed: (Sealed & { sealedTo: string }) | null
  /** The file to seal, while it is not sealed; null = older records, and what is sealed. */
  file?: SourceFile | null
  /** Found on chain; kept until its owner has seen that. */
  registered: boolean
  /** Milliseconds since 1970. */
  changed: number
}

/** By what a chosen file is known again. `handle` reads it again where the browser gives one (Chromium's do). */
export interface SourceFile {
  name: string
  /** Milliseconds since 1970. */
  lastModified: number
  handle: FileSystemFileHandle | null
}

/** Of a file that is not sealed yet; null where none is left. */
export function sourceOf(file: File | null, handle: FileSystemFileHandle | null = null): SourceFile | null {
  return file && { name: file.name, lastModified: file.lastModified, handle }
}

/** Whether a file is the one that a record is about, as far as that shows without reading it. */
export function isSourceOf(file: File, { order, file: known }: SpoolRecord): boolean {
  return (
    known != null &&
    file.name === known.name &&
    file.size === order.size &&
    file.lastModified === known.lastModified
  )
}

export function newRecord(name: string, account: string, order: Order, now = Date.now()): SpoolRecord {
  const at = { name, account: account.toLowerCase(), changed: now }
  return { version: 'granary/web-spool/v1', ...at, order, sealed: null, registered: false }
}

/** Days that it is kept; the SDK's own number is not loaded for it. */
const DAYS: typeof SPOOL_DAYS = 7

/** When it is forgotten. */
export const keptUntil = ({ changed }: SpoolRecord) => new Date(changed + DAYS * 86_400_000)

/** `interrupted` = nothing of it is left but what was asked: its file has to be chosen again. */
export type Standing = 'sealed' | 'interrupted' | 'registered' | 'forgotten'

/** Where a contribution stands that nobody works on. `size`: of its file in the spool, null = there is none. */
export function standing(record: SpoolRecord, size: number | null, now = Date.now()): Standing {
  if (keptUntil(record).getTime() < now) return 'forgotten'
  if (record.registered) return 'registered'
  return record.sealed !== null && record.sealed.size === size ? 'sealed' : 'interrupted'
}

/** Whether consent would have ended before it began. */
export const hasEnded = ({ expires }: Order, now = new Date()) => expires !== null && expires <= now

/** A record as it was read, or null when it is none of this version. */
export function asRecord(value: unknown): SpoolRecord | null {
  const record = value as SpoolRecord | null
  if (record?.version !== 'granary/web-spool/v1') return null
  const { name, account, order, sealed, file = null, registered, changed } = record
  const whole =
    typeof name === 'string' &&
    /^0x[0-9a-f]{40}$/.test(account) &&
    Number.isFinite(changed) &&
    typeof registered === 'boolean' &&
    isOrder(order) &&
    (file === null || (typeof file.name === 'string' && Number.isFinite(file.lastModified))) &&
    (sealed === null || isSealed(sealed))
  return whole ? record : null
}

function isOrder(order: Order | undefined): boolean {
  return (
    typeof order?.title === 'string' &&
    (order.description === undefined || typeof order.description === 'string') &&
    (order.schema === undefined || typeof order.schema === 'object') &&
    typeof order.type === 'string' &&
    Number.isSafeInteger(order.size) &&
    Number.isSafeInteger(order.pool) &&
    Array.isArray(order.purposes) &&
    missingConsent({ purposes: order.purposes, expiry: { kind: 'never' }, ask: order.ask }).length === 0 &&
    (order.expires === null || order.expires instanceof Date) &&
    typeof order.ask === 'boolean'
  )
}

function isSealed(sealed: SpoolRecord['sealed'] | undefined): boolean {
  return (
    typeof sealed?.cid === 'string' &&
    /^0x[0-9a-f]{64}$/.test(sealed.content) &&
    typeof sealed.rawRoot === 'boolean' &&
    Number.isSafeInteger(sealed.size) &&
    (sealed.upload === null || typeof sealed.upload === 'string') &&
    typeof sealed.sealedTo === 'string'
  )
}
