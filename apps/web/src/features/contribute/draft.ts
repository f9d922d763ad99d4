// What is filled in before it is signed.
import type { PurposeName } from '@granary/protocol'
import type { Description } from '@granary/sdk/describe'
import { dayValue } from '../../lib/format.js'
import { type Found, GATHER_LIMITS, isHidden, type LeftOut, nothingLeftOut } from './gather.js'
import { uses } from './messages.js'
import { type Edits, firstEdits } from './published.js'

/** A chosen file. Its title is public; the file's own name is not. */
export interface Chosen {
  key: string
  file: File
  /** Reads it again after this page is gone; null where the browser gives none. */
  handle: FileSystemFileHandle | null
  title: string
  type: string
  /** Public, too. */
  description: string
  /** What was found in it: `looking` until that is known, null = nothing that is recognised. */
  found: Finding | 'looking' | null
  /** What of that is published. */
  edits: Edits
}

/** What a look into the file told. */
export type Finding = Pick<Description, 'schema' | 'columnsInAll' | 'isTitled' | 'tables'>

/** `years` from today, `date` a chosen day, `never` = until withdrawn. */
export type Expiry = { kind: 'years'; years: number } | { kind: 'date'; date: string } | { kind: 'never' }

export interface Draft {
  files: Chosen[]
  pool: number | null
  purposes: PurposeName[]
  expiry: Expiry
  /** Each request waits for the owner's yes. */
  ask: boolean
}

/** What an owner may change later, too. */
export type ConsentDraft = Pick<Draft, 'purposes' | 'expiry' | 'ask'>

export const emptyDraft: Draft = {
  files: [],
  pool: null,
  purposes: [],
  expiry: { kind: 'years', years: 2 },
  ask: false,
}

export type Part = 'files' | 'pool' | 'purposes' | 'expires' | 'ask' | 'title'

/** What is still missing, in the order of the form. */
export function missing(draft: Draft, now = new Date()): Part[] {
  const parts: Part[] = []
  if (draft.files.length === 0) parts.push('files')
  if (draft.pool === null) parts.push('pool')
  parts.push(...missingConsent(draft, now))
  if (draft.files.some((file) => file.title.trim() === '')) parts.push('title')
  return parts
}

/** The same of consent alone. */
export function missingConsent({ purposes, expiry }: ConsentDraft, now = new Date()): Part[] {
  const parts: Part[] = []
  if (!purposes.some((purpose) => purpose in uses)) parts.push('purposes')
  const end = expires(expiry, now)
  if (end === 'invalid' || (end !== null && end <= now)) parts.push('expires')
  return parts
}

/** The moment at which consent ends: the end of the chosen day here. null = until withdrawn. */
export function expires(expiry: Expiry, now = new Date()): Date | null | 'invalid' {
  if (expiry.kind === 'never') return null
  const value = expiry.kind === 'date' ? expiry.date : dayValue(inYears(expiry.years, now))
  const end = new Date(`${value}T23:59:59`)
  return Number.isNaN(end.getTime()) ? 'invalid' : end
}

/** The same day some years on; 29 February becomes 1 March where there is none. */
export function inYears(years: number, now = new Date()): Date {
  return new Date(now.getFullYear() + years, now.getMonth(), now.getDate())
}

/** Adds files, without those that are there already, that are hidden, or that are too many, and says how many were not. */
export function withFiles(
  draft: Draft,
  found: readonly Found[],
  most = GATHER_LIMITS.files,
): { draft: Draft; left: LeftOut } {
  const known = new Set(draft.files.map(({ key }) => key))
  const left = { ...nothingLeftOut }
  const added: Chosen[] = []
  for (const { file, path, handle = null } of found) {
    const key = keyOf(file, path)
    if (isHidden(path)) left.hidden += 1
    else if (known.has(key)) left.duplicate += 1
    else if (draft.files.length + added.length >= most) left.tooMany += 1
    else {
      known.add(key)
      const own = { title: titleOf(path), type: typeOf(file), description: '' }
      added.push({ key, file, handle, ...own, found: 'looking', edits: firstEdits(null) })
    }
  }
  return { draft: { ...draft, files: [...draft.files, ...added] }, left }
}

const keyOf = (file: File, path: string) => `${path}/${file.size}/${file.lastModified}`

/** What turns the direction of the text after it, and other signs that nobody sees. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A first title from a file's path: `2025/trips_2025-final.csv` → `2025/trips 2025-final`. */
export function titleOf(name: string): string {
  const stem = name.replace(/\.[A-Za-z0-9]{1,8}$/, '') || name
  return stem
    .replace(/[_\s]+/g, ' ')
    .replace(UNSEEN, '')
    .trim()
    .slice(0, 200)
    .replace(/\p{Surrogate}$/u, '')
}

/** Kinds of data that browsers do not name by themselves. */
const TYPES: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  jsonl: 'application/jsonl',
  ndjson: 'application/jsonl',
  md: 'text/markdown',
  txt: 'text/plain',
  parquet: 'application/vnd.apache.parquet',
  geojson: 'application/geo+json',
  gpx: 'application/gpx+xml',
  zip: 'application/zip',
}

export function typeOf(file: Pick<File, 'name' | 'type'>): string {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(file.name)?.[1]?.toLowerCase() ?? ''
  return TYPES[ending] ?? (file.type || 'application/octet-stream')
}
