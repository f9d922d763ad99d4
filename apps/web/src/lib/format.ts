// How amounts, sizes, times and addresses are written for people, in the language of the page.
import { language, locale } from './language.js'

const isFrench = language === 'fr'

/** French has an ordinal for the first day of a month, which Intl leaves out. */
const dated = (text: string) => (isFrench ? text.replace(/^1(?= )/, '1er') : text)

const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })

/** `2028-11-23T…` or a Date → `23 November 2028`. */
export function day(time: string | Date): string {
  return dated(date.format(new Date(time)))
}

const minute = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** → `23 November 2028 at 14:05`, in local time. */
export function moment(time: string | Date): string {
  return dated(minute.format(new Date(time)))
}

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** → `3 minutes ago`, `just now` within the minute. */
export function ago(time: string | Date, now = Date.now()): string {
  const seconds = Math.max(0, (now - new Date(time).getTime()) / 1000)
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? []
  return unit && length
    ? relative.format(-Math.floor(seconds / length), unit)
    : isFrench
      ? 'à l’instant'
      : 'just now'
}

/** A Date → `2028-11-23`, as a date field wants it, in local time. */
export function dayValue(time: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/** Seconds → `40 seconds`, `3 minutes`, `5 hours`, `2 days`: whole ones, not more than have passed. */
export function age(seconds: number): string {
  const units = [...UNITS, ['second', 1]] as const
  const [unit, length] = units.find(([, each]) => seconds >= each) ?? (['second', 1] as const)
  const written = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })
  return written.format(Math.floor(seconds / length))
}

/** Between whole and fraction, between thousands, and between a number and its unit. */
const [POINT, GROUP, SPACE] = isFrench ? [',', '\u202f', '\u00a0'] : ['.', ',', ' ']

/** Bytes → `12.4 MB` (decimal units, as file managers show them). */
export function bytes(size: number): string {
  if (size < 1000) return isFrench ? count(size, 'octet') : count(size, 'byte')
  const units = isFrench ? ['ko', 'Mo', 'Go', 'To'] : ['kB', 'MB', 'GB', 'TB']
  let value = size
  let unit = -1
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const written = value < 10 ? value.toFixed(1).replace('.', POINT) : Math.round(value)
  return `${written}${SPACE}${units[unit]}`
}

/**
 * An amount in the smallest unit → `1,234.5 gUSD`. Never rounds up; shows four places, or, for an amount smaller than
 * that, its first two digits that count.
 */
export function amount(smallest: string, token: { symbol: string; decimals: number }): string {
  const digits = BigInt(smallest)
    .toString()
    .padStart(token.decimals + 1, '0')
  const whole = digits.slice(0, digits.length - token.decimals)
  const fraction = digits.slice(digits.length - token.decimals)
  const leading = fraction.search(/[1-9]/)
  const places = whole === '0' && leading >= 4 ? leading + 2 : 4
  const shown = fraction.slice(0, places).replace(/0+$/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, GROUP)
  return `${grouped}${shown === '' ? '' : `${POINT}${shown}`}${SPACE}${token.symbol}`
}

/** `0x1234567890…` → `0x1234…cdef`. */
export function short(hex: string): string {
  return hex.length > 14 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex
}

const plural = new Intl.PluralRules(locale)

/** `3 datasets`, `1 dataset`; in French nought is singular, too. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString(locale)}${SPACE}${plural.select(n) === 'one' ? one : many}`
}
