import type { DatasetResource, NetworkResource } from '@granary/protocol'
import { Link } from 'wouter'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { amount, bytes, day, moment, short } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import { useHistory, usePool } from './catalogue.queries.js'
import styles from './dataset.module.css'
import { conditionNames, formatNames, dataset as text, useNames, catalogue as words } from './messages.js'
import { CONDITIONS, USES } from './names.js'
import { type Described, formatOf, readSchema } from './schema.js'

/** Everything that is public about one dataset, and the way to ask for it. */
export function DatasetCard({ dataset, network }: { dataset: DatasetResource; network: NetworkResource }) {
  const { metadata } = dataset
  const schema = readSchema(metadata)
  return (
    <>
      <section aria-labelledby="about" className={lines.section}>
        <h2 id="about">{text.about}</h2>
        <p className={styles.description}>{metadata?.description || text.noDescription}</p>
        <p className={lines.soft}>{text.claimed}</p>
      </section>
      {schema.columns.length > 0 ? <Columns schema={schema} /> : null}
      {schema.entries.length > 0 ? <Entries schema={schema} /> : null}
      <Allowed dataset={dataset} />
      <Facts dataset={dataset} schema={schema} network={network} />
      <History id={dataset.id} network={network} />
    </>
  )
}

/** What a use costs, and the way to ask for it. */
export function AskFor({ dataset, network }: { dataset: DatasetResource; network: NetworkResource }) {
  const pool = usePool(dataset.pool)
  return (
    <div className={styles.ask}>
      <p className={styles.status} data-status={dataset.status}>
        {text.status[dataset.status]}
      </p>
      <p className={styles.price}>{pool.data ? words.perUse(amount(pool.data.price, network.token)) : '…'}</p>
      {dataset.ask ? <p>{text.askFirst}</p> : null}
      {pool.data?.closed ? <p>{words.closed}</p> : null}
      {dataset.status === 'active' && pool.data && !pool.data.closed ? (
        <>
          <Link href={`/training/new?pool=${dataset.pool}&dataset=${dataset.id}`} className={styles.go}>
            {text.request}
          </Link>
          <p className={styles.soft}>{words.requestHelp}</p>
        </>
      ) : null}
    </div>
  )
}

function Columns({ schema }: { schema: Described }) {
  return (
    <section aria-labelledby="columns" className={lines.section}>
      <h2 id="columns">{text.schema}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{text.column}</th>
            <th scope="col">{text.type}</th>
          </tr>
        </thead>
        <tbody>
          {schema.columns.map(({ name, type }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name, and none ever moves
            <tr key={`${place}/${name}`}>
              <td>
                <code>{name}</code>
              </td>
              <td>{type}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Entries({ schema }: { schema: Described }) {
  return (
    <section aria-labelledby="entries" className={lines.section}>
      <h2 id="entries">{text.contents}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{text.kind}</th>
            <th scope="col">{text.count}</th>
            <th scope="col">{text.bytes}</th>
          </tr>
        </thead>
        <tbody>
          {schema.entries.map(({ kind, count, bytes: size }) => (
            <tr key={kind}>
              <td>{kind}</td>
              <td>{count.toLocaleString(locale)}</td>
              <td>{size === null ? '' : bytes(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Allowed({ dataset }: { dataset: DatasetResource }) {
  const names = { ...useNames, ...conditionNames }
  return (
    <section aria-labelledby="allowed" className={lines.section}>
      <h2 id="allowed">{text.allowed}</h2>
      <ul className={styles.allowed}>
        {[...USES, ...CONDITIONS].map((name) => {
          const yes = dataset.purposes.includes(name)
          return (
            <li key={name} data-allowed={yes}>
              <span>{names[name]}</span>
              <span>{yes ? text.allowedYes : text.notAllowed}</span>
            </li>
          )
        })}
      </ul>
      <p className={lines.soft}>
        {dataset.expires ? text.until(day(dataset.expires)) : text.untilWithdrawn} {text.canWithdraw}
      </p>
    </section>
  )
}

function Facts({
  dataset,
  schema,
  network,
}: {
  dataset: DatasetResource
  schema: Described
  network: NetworkResource
}) {
  const { metadata, registered } = dataset
  const pool = usePool(dataset.pool)
  const rows: [string, React.ReactNode][] = [
    [text.format, formatNames[formatOf(metadata)]],
    [text.mediaType, metadata ? <code key="type">{metadata.mediaType}</code> : null],
    [text.size, metadata ? bytes(metadata.size) : null],
    [text.rows, schema.rows ? words.rows(schema.rows.count.toLocaleString(locale), schema.rows.exact) : null],
    [text.range, schema.from && schema.to ? words.range(day(schema.from), day(schema.to)) : null],
    [text.license, metadata?.license || null],
    [
      text.pool,
      <Link key="pool" href={`/catalogue/pools/${dataset.pool}`}>
        {pool.data?.title ?? words.poolName(dataset.pool)}
      </Link>,
    ],
    [text.price, pool.data ? words.perUse(amount(pool.data.price, network.token)) : null],
    [text.used, words.usesCounted(dataset.uses)],
    [text.owner, <code key="owner">{dataset.owner}</code>],
    [
      text.registered,
      <span key="registered" title={registered.transaction}>
        {moment(registered.time)}, {text.onChain} <code>{short(registered.transaction)}</code>
      </span>,
    ],
    [text.cid, <code key="cid">{dataset.cid}</code>],
  ]
  return (
    <section aria-labelledby="facts" className={lines.section}>
      <h2 id="facts">{text.facts}</h2>
      <dl className={lines.facts}>
        {rows
          .filter(([, value]) => value !== null && value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function History({ id, network }: { id: string; network: NetworkResource }) {
  const history = useHistory(id)
  const items = history.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="history" className={lines.section}>
      <h2 id="history">{text.history}</h2>
      {history.isError ? <Notice tone="trouble" title={text.historyFailed} /> : null}
      <ul className={lines.list}>
        {items.map((item) => (
          <li key={`${item.transaction}/${item.type}`} className={lines.line}>
            <div>
              <h3>{text.events[item.type]}</h3>
              <p className={lines.meta}>
                {moment(item.time)}
                {item.type === 'released' ? ` · ${amount(item.amount, network.token)}` : ''} ·{' '}
                <code title={item.transaction}>{short(item.transaction)}</code>
              </p>
            </div>
          </li>
        ))}
      </ul>
      {history.hasNextPage ? (
        <Button busy={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}
