import type { NetworkResource } from '@granary/protocol'
import { lazy, Suspense, useId, useState } from 'react'
import { locale } from '../../lib/language.js'
import styles from './earnings.module.css'
import { chart as text } from './messages.js'
import { type Span, useEarnings } from './rewards.queries.js'

const Chart = lazy(() => import('../../components/chart.js').then((module) => ({ default: module.Chart })))

/** What the account's datasets, or one of them, earned over time, beside what was claimed. */
export function EarnedChart({
  address,
  network,
  dataset,
}: {
  address: string
  network: NetworkResource
  dataset?: string
}) {
  const id = useId()
  const [by, setBy] = useState<Span>('day')
  const spans = useEarnings(address, by, dataset)
  const items = spans.data?.items ?? []
  const { symbol, decimals } = network.token
  const value = (smallest: string) => Number(BigInt(smallest)) / 10 ** decimals
  const series = [
    { name: text.earned, points: items.map(({ from, earned }) => ({ at: from, value: value(earned) })) },
    { name: text.claimed, points: items.map(({ from, claimed }) => ({ at: from, value: value(claimed) })) },
  ]
  if (!spans.data || items.length === 0) return null
  return (
    <section className={styles.chart}>
      <p className={styles.by}>
        <label htmlFor={id}>{text.by}</label>
        <select id={id} value={by} onChange={(event) => setBy(event.target.value as Span)}>
          {Object.entries(text.spans).map(([span, name]) => (
            <option key={span} value={span}>
              {name}
            </option>
          ))}
        </select>
      </p>
      <Suspense fallback={<p className={styles.soft}>{text.loading}</p>}>
        <Chart
          title={text.title}
          kind="bar"
          series={dataset ? series.slice(0, 1) : series}
          format={(amount) => `${short.format(amount)} ${symbol}`}
        />
      </Suspense>
    </section>
  )
}

const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 })
