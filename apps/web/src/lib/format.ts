// How amounts, sizes, times and addresses are written for people.

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** `2028-11-23T…` or a Date → `23 November 2028`. */
export function day(time: string | Date): string {
  return date.format(new Date(time))
}

const minute = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** → `23 November 2028 at 14:05`, in local time. */
export function moment(time: string | Date): string {
  return minute.format(new Date(time))
}

const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' })
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** → `3 minutes ago`, `just now` within the minute. */
export function ago(time: string | Date, now = Date.now()): string {
  const seconds = Math.max(0, (now - new Date(time).getTime()) / 1000)
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? []
  return unit && length ? relative.format(-Math.floor(seconds / length), unit) : 'just now'
}

/** A Date → `2028-11-23`, as a date field wants it, in local time. */
export function dayValue(time: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/** Seconds → `40 seconds`, `3 minutes`, `5 hours`, `2 days`: whole ones, not more than have passed. */
export function age(seconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ]
  const [name, length] = units.find(([, each]) => seconds >= each) ?? ['second', 1]
  const count = Math.floor(seconds / length)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** Bytes → `12.4 MB` (decimal units, as file managers show them). */
export function bytes(size: number): string {
  if (size < 1000) return `${size} ${size === 1 ? 'byte' : 'bytes'}`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = size
  let unit = -1
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
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
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${grouped}${shown === '' ? '' : `.${shown}`} ${token.symbol}`
}

/** `0x1234567890…` → `0x1234…cdef`. */
export function short(hex: string): string {
  return hex.length > 14 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex
}

/** `3 datasets`, `1 dataset`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`
}
