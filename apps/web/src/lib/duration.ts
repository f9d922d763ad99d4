import { locale } from './language.js'

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** Seconds in the largest unit that fits without a rest → `7 days`, `90 minutes`. */
export function duration(seconds: number): string {
  const [unit, length] =
    UNITS.find(([, each]) => seconds >= each && seconds % each === 0) ?? (['second', 1] as const)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length)
}

/** Parts in 10,000 → `2.5 %`. */
export function percent(bps: number): string {
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(bps / 100)} %`
}
