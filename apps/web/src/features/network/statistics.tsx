import type { NetworkResource, StatisticsResource } from '@granary/protocol'
import { useId, useState } from 'react'
import { Chart } from '../../components/chart.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { amount } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import { statistics as text } from './messages.js'
import styles from './network.module.css'
import { useStatistics } from './network.queries.js'
import { runningTotal, whole } from './series.js'

const SPANS = [30, 90, 365] as const

/** What happened on the network, in sums and over time. */
export function Statistics({ network }: { network: NetworkResource }) {
  const [days, setDays] = useState<number>(SPANS[0])
  const found = useStatistics(days)
  const id = useId()
  return (
    <section aria-labelledby="statistics" className={lines.section}>
      <h2 id="statistics">{text.title}</h2>
      {found.isError ? (
        <Notice tone="trouble" title={text.failedTitle}>
          {text.failed}
        </Notice>
      ) : null}
      {found.isPending ? <p role="status">{text.loading}</p> : null}
      {found.data ? (
        <>
          <Totals statistics={found.data} network={network} />
          <p className={styles.span}>
            <label htmlFor={id}>{text.span}</label>
            <select id={id} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {SPANS.map((each) => (
                <option key={each} value={each}>
                  {text.days(each)}
                </option>
              ))}
            </select>
          </p>
          <Charts statistics={found.data} network={network} />
          <p className={lines.soft}>{text.source}</p>
        </>
      ) : null}
    </section>
  )
}

const counted = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })

function Totals({ statistics, network }: { statistics: StatisticsResource; network: NetworkResource }) {
  const { contributors, datasets, uses, earned } = statistics.total
  const facts = [
    ['contributors', text.contributors, counted.format(contributors)],
    ['datasets', text.datasets, counted.format(datasets)],
    ['uses', text.uses, counted.format(uses)],
    ['earned', text.earned, amount(earned, network.token)],
  ] as const
  return (
    <dl className={styles.totals}>
      {facts.map(([name, label, value]) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd data-testid={`total-${name}`}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Charts({ statistics, network }: { statistics: StatisticsResource; network: NetworkResource }) {
  const { days, before } = statistics
  const money = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const format = (value: number) => counted.format(value)
  const paid = (value: number) => `${money.format(value)} ${network.token.symbol}`
  const sums = (name: 'earned' | 'claimed') =>
    days.map((day) => ({ at: `${day.day}T00:00:00Z`, value: whole(day[name], network.token.decimals) }))
  return (
    <div className={styles.charts}>
      <Chart
        title={text.contributorsChart}
        kind="line"
        format={format}
        series={[{ name: text.contributors, points: runningTotal(days, before, 'contributors') }]}
      />
      <Chart
        title={text.datasetsChart}
        kind="line"
        format={format}
        series={[{ name: text.datasets, points: runningTotal(days, before, 'datasets') }]}
      />
      <Chart
        title={text.usesChart}
        kind="bar"
        format={format}
        series={[
          {
            name: text.uses,
            points: days.map((day) => ({ at: `${day.day}T00:00:00Z`, value: day.uses })),
          },
        ]}
      />
      <Chart
        title={text.paidChart}
        kind="bar"
        format={paid}
        series={[
          { name: text.earned, points: sums('earned') },
          { name: text.claimed, points: sums('claimed') },
        ]}
      />
    </div>
  )
}
