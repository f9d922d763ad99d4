import {
  type Address,
  bitsToPurposes,
  type DatasetSchema,
  GranaryError,
  type Hex,
  type PurposeName,
  purposesToBits,
} from '@granary/protocol'
import { formatUnits, getAddress } from 'ethers'

// What people type on a command line, turned into what the SDK takes.

/** `fine-tuning,commercial`. Throws PURPOSE_UNKNOWN. */
export function toPurposes(text: string): PurposeName[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return bitsToPurposes(purposesToBits(names as PurposeName[]))
}

/** `0x…,0x…`. Throws ARGUMENT_INVALID. */
export function toIds(text: string): Hex[] {
  return text.split(',').map((id) => toId(id.trim()))
}

export function toId(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text))
    throw new GranaryError('ARGUMENT_INVALID', `${text} is not an id: 0x and 64 hex digits`)
  return text.toLowerCase() as Hex
}

export function toAddress(text: string): Address {
  try {
    return getAddress(text) as Address
  } catch {
    throw new GranaryError('ARGUMENT_INVALID', `${text} is not an address`)
  }
}

export function toPool(text: string): number {
  const pool = Number(text)
  if (!/^\d+$/.test(text) || pool < 1 || pool > 65_535)
    throw new GranaryError('ARGUMENT_INVALID', `${text} is not a pool's number`)
  return pool
}

export function toAmount(text: string): bigint {
  if (!/^\d+$/.test(text))
    throw new GranaryError('ARGUMENT_INVALID', `${text} is not an amount in the token's smallest unit`)
  return BigInt(text)
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 }

/** Contracts keep seconds in 40 bits. */
const LATEST = 2 ** 40 * 1000

/** `2030-12-31` (its end, UTC), `2030-12-31T12:00:00Z`, or from now on: `90s`, `24h`, `30d`, `2y`. Throws DATE_INVALID. */
export function toTime(text: string): Date {
  const relative = /^(\d+)([smhdwy])$/.exec(text)
  const time = relative
    ? new Date(Date.now() + Number(relative[1]) * UNITS[relative[2]!]! * 1000)
    : new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59Z` : text)
  if (Number.isNaN(time.getTime()))
    throw new GranaryError('DATE_INVALID', `${text} is not a date: write 2030-12-31, or 30d`)
  if (time.getTime() <= Date.now()) throw new GranaryError('DATE_INVALID', `${text} lies in the past`)
  if (time.getTime() >= LATEST)
    throw new GranaryError('DATE_INVALID', `${text} is later than contracts can count`)
  return time
}

/** Seconds: `90`, or `90s`, `24h`, `7d`. Throws ARGUMENT_INVALID. */
export function toSeconds(text: string): number {
  const match = /^(\d{1,10})([smhdwy]?)$/.exec(text)
  if (!match)
    throw new GranaryError('ARGUMENT_INVALID', `${text} is not a time: write seconds, or 24h, or 7d`)
  return Number(match[1]) * (UNITS[match[2] || 's'] ?? 1)
}

/** An amount for people: `12.5 gUSD`. */
export function money(amount: string | bigint, token: { symbol: string; decimals: number }): string {
  return `${formatUnits(amount, token.decimals).replace(/\.0$/, '')} ${token.symbol}`
}

/** Titles are written by strangers: no control sequences reach the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?')
}

/** What a file holds, in one line of names that strangers may have written. */
export function describeSchema({
  format,
  rows,
  rowsExact,
  columns,
  from,
  to,
  entries,
}: DatasetSchema): string {
  return [
    format,
    rows === undefined ? '' : `${rowsExact ? '' : 'about '}${plural(rows, 'row')}`,
    from && to ? `${from} to ${to}` : '',
    columns ? `columns ${columns.map(({ name, type }) => `${printable(name)} (${type})`).join(', ')}` : '',
    entries ? `files ${entries.map(({ kind, count }) => `${printable(kind)} ${count}`).join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
}

/** Bytes for people. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  const step = Math.min(Math.floor(Math.log2(count) / 10), 4)
  return `${(count / 1024 ** step).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][step]}`
}

/** A whole number from 0. `name` is the option's, for the message. Throws ARGUMENT_INVALID. */
export function toWhole(name: string, text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new GranaryError('ARGUMENT_INVALID', `${name}: ${text} is not a whole number`)
  return value
}

/** A number from 1. Throws ARGUMENT_INVALID. */
export function toNumber(text: string): number {
  const value = Number(text)
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(value)) return value
  throw new GranaryError('ARGUMENT_INVALID', `${text} is not a number from 1 on`)
}

/** A length of time for people, from milliseconds: its largest whole unit, rounded up; `0 s` when it is over. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000))
  const [size, unit] = seconds > 2 * 3600 ? [3600, 'h'] : seconds > 120 ? [60, 'min'] : [1, 's']
  return `${Math.ceil(seconds / (size as number))} ${unit}`
}

/** A number with its word: `1 use`, `2 uses`. */
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
