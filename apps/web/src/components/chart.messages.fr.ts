import type { chart } from './chart.messages.js'

export default {
  chart: {
    empty: 'Rien à dessiner pour le moment.',
    table: 'Sous forme de tableau',
    when: 'Quand',
    none: '–',
    summary: (title: string, points: number, from: string, to: string) =>
      `${title} : ${points === 1 ? 'une valeur' : `${points} valeurs`} ${from === to ? `le ${from}` : `du ${from} au ${to}`}. Le tableau ci-dessous les donne toutes.`,
  } satisfies typeof chart,
}
