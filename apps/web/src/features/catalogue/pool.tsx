import type { NetworkResource, PoolResource } from '@granary/protocol'
import lines from '../../components/lines.module.css'
import { amount } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import { pool as text } from './messages.js'

/** What the chain says of a pool. */
export function PoolFacts({ pool, network }: { pool: PoolResource; network: NetworkResource }) {
  const { treasuryBps, custodiansBps } = network.dao
  const share = (10_000 - treasuryBps - custodiansBps) / 10_000
  const percent = share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 2 })
  const rows: [string, React.ReactNode][] = [
    [text.price, <strong key="price">{amount(pool.price, network.token)}</strong>],
    [text.lowest, amount(pool.lowestPrice, network.token)],
    [text.owners, text.ownersShare(percent)],
    [text.datasets, pool.datasets.toLocaleString(locale)],
    [text.state, pool.closed ? text.closed : text.open],
    [
      text.terms,
      <a key="terms" href={`/ipfs/${pool.terms}?format=raw`}>
        <code>{pool.terms}</code>
      </a>,
    ],
  ]
  return (
    <dl className={lines.facts}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
