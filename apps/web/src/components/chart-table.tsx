import { moment } from '../lib/format.js'
import type { ChartProps } from './chart.js'
import { chart as text } from './chart.messages.js'
import styles from './chart.module.css'

/** The values of a chart, newest first, behind one line that opens it. */
export function ChartTable({
  title,
  moments,
  series,
  format,
}: Omit<ChartProps, 'kind'> & { moments: string[] }) {
  const values = series.map(({ points }) => new Map(points.map(({ at, value }) => [at, value])))
  return (
    <details className={styles.table}>
      <summary>{text.table}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.when}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {moments.toReversed().map((at) => (
              <tr key={at}>
                <th scope="row">
                  <time dateTime={at}>{moment(at)}</time>
                </th>
                {values.map((column, place) => {
                  const value = column.get(at)
                  return <td key={series[place]?.name}>{value === undefined ? text.none : format(value)}</td>
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}
