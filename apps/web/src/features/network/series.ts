import type { StatisticsResource } from '@granary/protocol'

type Day = StatisticsResource['days'][number]
type Counted = 'contributors' | 'datasets' | 'uses'

/** How many there were at the end of each day, from what came each day and what was there before. */
export function runningTotal(
  days: readonly Pick<Day, 'day' | Counted>[],
  before: Record<Counted, number>,
  name: Counted,
): { at: string; value: number }[] {
  let value = before[name]
  return days.map((day) => {
    value += day[name]
    return { at: `${day.day}T00:00:00Z`, value }
  })
}

/** An amount in the smallest unit as a number to draw: of what is left of the point up to 15 digits are exact. */
export function whole(smallest: string, decimals: number): number {
  const text = smallest.padStart(decimals + 1, '0')
  return Number(`${text.slice(0, text.length - decimals)}.${text.slice(text.length - decimals) || '0'}`)
}
