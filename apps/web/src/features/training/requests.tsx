import type { NetworkResource, RequestResource } from '@granary/protocol'
import { Link } from 'wouter'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { amount, moment } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import { saveBlob } from '../../lib/save.js'
import type { Wallet } from '../../wallet/wallet.js'
import { catalogue, conditionNames, useNames } from '../catalogue/messages.js'
import { usePools } from '../contribute/pools.queries.js'
import { escrowLeft, historyCsv } from './invoice.js'
import { requests as text } from './messages.js'
import styles from './training.module.css'
import { useRequests } from './training.queries.js'

const NAMES: Record<string, string> = { ...useNames, ...conditionNames }

/** What a request is for, in words. */
export const purposesOf = (request: Pick<RequestResource, 'purposes'>) =>
  request.purposes.map((name) => NAMES[name] ?? name).join(', ')

/** Everything the account ever asked for, with what became of its money. */
export function Requests({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const requests = useRequests(wallet.address)
  const pools = usePools()
  const items = requests.data?.pages.flatMap((page) => page.items) ?? []
  const nameOf = (id: number) => {
    const title = pools.data?.find((pool) => pool.id === id)?.title
    return title ? catalogue.inPool(title) : catalogue.poolName(id)
  }
  return (
    <section aria-labelledby="requests" className={lines.section}>
      <div className={styles.headed}>
        <h2 id="requests">{text.title}</h2>
        <Link href="/training/new" className={styles.go}>
          {text.new}
        </Link>
      </div>
      {requests.isPending ? <p role="status">{text.loading}</p> : null}
      {requests.isError ? (
        <Notice tone="trouble" title={text.failedTitle}>
          {text.failed}
        </Notice>
      ) : null}
      {requests.isSuccess && items.length === 0 ? (
        <p className={lines.soft}>
          {text.none} <Link href="/catalogue">{text.catalogue}</Link>
        </p>
      ) : null}
      {items.length > 0 && !requests.hasNextPage ? <Totals items={items} network={network} /> : null}
      <ul className={lines.list}>
        {items.map((request) => (
          <li key={request.id} className={lines.line} data-testid={`request-${request.id}`}>
            <div>
              <h3>
                <Link href={`/training/${request.id}`}>
                  {text.line(
                    text.datasets(request.count, request.count.toLocaleString(locale)),
                    nameOf(request.pool),
                  )}
                </Link>
              </h3>
              <p className={lines.meta}>
                <span className={lines.standing} data-tone={request.status === 'open' ? 'open' : undefined}>
                  {text.statuses[request.status]}
                </span>
                {' · '}
                {purposesOf(request)} ·{' '}
                {request.status === 'open'
                  ? text.until(moment(request.expires))
                  : text.ended(moment(request.expires))}
              </p>
            </div>
            <p className={styles.money}>
              {amount(request.escrowed, network.token)}
              <span>{text.usedSum(amount(request.spent, network.token))}</span>
            </p>
          </li>
        ))}
      </ul>
      <div className={styles.buttons}>
        {requests.hasNextPage ? (
          <Button busy={requests.isFetchingNextPage} onClick={() => requests.fetchNextPage()}>
            {text.more}
          </Button>
        ) : null}
        {items.length > 0 ? (
          <Button
            onClick={() =>
              saveBlob(
                'granary-requests.csv',
                new Blob([historyCsv(items, network.token)], { type: 'text/csv' }),
              )
            }
          >
            {text.download}
          </Button>
        ) : null}
      </div>
    </section>
  )
}

function Totals({ items, network }: { items: RequestResource[]; network: NetworkResource }) {
  const sum = (of: (request: RequestResource) => bigint) =>
    amount(String(items.reduce((total, request) => total + of(request), 0n)), network.token)
  const rows: [string, string][] = [
    [text.paid, sum(({ escrowed }) => BigInt(escrowed))],
    [text.used, sum(({ spent }) => BigInt(spent))],
    [text.back, sum(({ refunded }) => BigInt(refunded))],
    [text.left, sum(escrowLeft)],
  ]
  return (
    <dl className={styles.totals} aria-label={text.totals}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
