import type { NetworkResource, RequestResource } from '@granary/protocol'
import { Link } from 'wouter'
import lines from '../../components/lines.module.css'
import { amount, moment, short } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import { usePool } from '../catalogue/catalogue.queries.js'
import { catalogue, pool as poolText } from '../catalogue/messages.js'
import { request as text, requests as words } from './messages.js'
import { purposesOf } from './requests.js'

/** What was agreed: never changes once a request is on chain. */
export function Agreed({ request, network }: { request: RequestResource; network: NetworkResource }) {
  const pool = usePool(request.pool)
  const rows: [string, React.ReactNode][] = [
    [text.purposes, purposesOf(request)],
    [
      text.pool,
      <Link key="pool" href={`/catalogue/pools/${request.pool}`}>
        {pool.data?.title ?? catalogue.poolName(request.pool)}
      </Link>,
    ],
    [text.datasets, words.datasets(request.count, request.count.toLocaleString(locale))],
    [poolText.price, amount(request.price, network.token)],
    [
      text.opened,
      <span key="opened">
        {moment(request.opened.time)}, {text.transaction}{' '}
        <code title={request.opened.transaction}>{short(request.opened.transaction)}</code>
      </span>,
    ],
    [text.expires, moment(request.expires)],
    [
      text.sealed,
      <code key="sealed" title={request.recipient}>
        {short(request.recipient)}
      </code>,
    ],
  ]
  return (
    <section aria-labelledby="agreed" className={lines.section}>
      <h2 id="agreed">{text.facts}</h2>
      <dl className={lines.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
