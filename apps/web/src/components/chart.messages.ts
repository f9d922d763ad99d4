import { texts } from '../lib/language.js'

export const chart = texts('chart', {
  empty: 'Nothing to draw yet.',
  table: 'As a table',
  when: 'When',
  none: '–',
  /** What the picture is called, for those who do not see it. */
  summary: (title: string, points: number, from: string, to: string) =>
    `${title}: ${points === 1 ? 'one value' : `${points} values`} ${from === to ? `on ${from}` : `from ${from} to ${to}`}. The table below has them all.`,
})
