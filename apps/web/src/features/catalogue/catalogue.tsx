import type { NetworkResource } from '@granary/protocol'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { amount } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import { usePools } from '../contribute/pools.queries.js'
import { Card } from './card.js'
import styles from './catalogue.module.css'
import { useCatalogue, useFacets } from './catalogue.queries.js'
import { Facets } from './facets.js'
import { EMPTY, type Filter, readFilter, writeFilter } from './filter.js'
import { catalogue as text } from './messages.js'
import { DATASET_ORDERS } from './names.js'

/** Search, filters, results, and what all of it would cost. `pool`: only that one, which is then not chosen here. */
export function Catalogue({ network, pool }: { network: NetworkResource; pool: number | null }) {
  const [path, go] = useLocation()
  const search = useSearch()
  const filter = pool === null ? readFilter(search) : { ...readFilter(search), pool }
  const change = (some: Partial<Filter>) => {
    const next = { ...filter, ...some }
    const written = writeFilter(pool === null ? next : { ...next, pool: null })
    go(written ? `${path}?${written}` : path, { replace: true })
  }
  const pools = usePools()
  const facets = useFacets(filter)
  return (
    <div className={styles.catalogue}>
      <Search filter={filter} onChange={change} />
      <details className={styles.narrow} open={window.matchMedia('(min-width: 60rem)').matches}>
        <summary>{text.filters}</summary>
        <Facets
          filter={filter}
          facets={facets.data}
          pools={pool === null ? (pools.data ?? []) : null}
          onChange={change}
        />
      </details>
      <Results filter={filter} network={network} onePool={pool !== null} onChange={change} />
    </div>
  )
}

function Search({ filter, onChange }: { filter: Filter; onChange: (change: Partial<Filter>) => void }) {
  const id = useId()
  const [words, setWords] = useState(filter.q)
  // Back and forward change the address, and so the field.
  useEffect(() => setWords(filter.q), [filter.q])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChange({ q: words.trim() })
  }
  return (
    <search className={styles.search}>
      <form onSubmit={submit}>
        <label htmlFor={id}>{text.search}</label>
        <div className={styles.searchLine}>
          <input
            id={id}
            type="search"
            maxLength={200}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <Button type="submit" look="main">
            {text.searchAction}
          </Button>
        </div>
      </form>
    </search>
  )
}

function Results({
  filter,
  network,
  onePool,
  onChange,
}: {
  filter: Filter
  network: NetworkResource
  onePool: boolean
  onChange: (change: Partial<Filter>) => void
}) {
  const id = useId()
  const found = useCatalogue(filter)
  const facets = useFacets(filter)
  const pools = usePools()
  const poolOf = (id: number) => pools.data?.find((pool) => pool.id === id)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const total = facets.data?.total ?? 0
  const some = total.toLocaleString(locale)
  const many = facets.data && total >= facets.data.limit ? text.orMore(some) : some
  const nothing = found.isSuccess && items.length === 0
  return (
    <section aria-labelledby={`${id}-title`} className={styles.results}>
      <div className={styles.bar}>
        <h2 id={`${id}-title`} aria-live="polite">
          {facets.data ? text.found(total, many) : text.results}
        </h2>
        <div className={styles.order}>
          <label htmlFor={`${id}-sort`}>{text.sort}</label>
          <select
            id={`${id}-sort`}
            value={filter.sort}
            onChange={(event) => onChange({ sort: event.target.value })}
          >
            {DATASET_ORDERS.map((order) => (
              <option key={order} value={order}>
                {text.sorts[order]}
              </option>
            ))}
          </select>
        </div>
      </div>
      {nothing || facets.isPlaceholderData || !facets.data ? null : (
        <Cost filter={filter} network={network} total={total} many={many} />
      )}
      {found.isPending ? <p role="status">{text.loading}</p> : null}
      {found.isError ? (
        <Notice
          tone="trouble"
          title={text.failedTitle}
          action={<Button onClick={() => found.refetch()}>{text.retry}</Button>}
        >
          {text.failed}
        </Notice>
      ) : null}
      {nothing ? <Nothing filter={filter} onePool={onePool} onChange={onChange} /> : null}
      <ul className={styles.cards} aria-busy={found.isPlaceholderData || undefined}>
        {items.map((dataset) => {
          const pool = poolOf(dataset.pool)
          return (
            <Card
              key={dataset.id}
              dataset={dataset}
              price={pool ? text.perUse(amount(pool.price, network.token)) : null}
              poolTitle={onePool ? null : pool?.title ? text.inPool(pool.title) : text.poolName(dataset.pool)}
            />
          )
        })}
      </ul>
      {found.hasNextPage ? (
        <Button busy={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}

function Nothing({
  filter,
  onePool,
  onChange,
}: {
  filter: Filter
  onePool: boolean
  onChange: (change: Partial<Filter>) => void
}) {
  const bare = { ...EMPTY, pool: onePool ? filter.pool : null }
  const chosen = writeFilter({ ...filter, sort: 'newest' }) !== writeFilter(bare)
  return (
    <Notice
      tone="calm"
      title={chosen ? text.noneTitle : text.emptyTitle}
      action={chosen ? <Button onClick={() => onChange(bare)}>{text.clear}</Button> : null}
    >
      {chosen ? text.none : text.empty}
    </Notice>
  )
}

/** What asking for all that fits would cost, and the way there. A request is for one pool. */
function Cost({
  filter,
  network,
  total,
  many,
}: {
  filter: Filter
  network: NetworkResource
  total: number
  many: string
}) {
  const pools = usePools()
  const pool = pools.data?.find(({ id }) => id === filter.pool)
  if (!pool) return <p className={styles.soft}>{text.choosePool}</p>
  if (pool.closed) return <Notice tone="calm" title={text.closed} />
  const sum = amount(String(BigInt(pool.price) * BigInt(total)), network.token)
  return (
    <div className={styles.cost}>
      <p className={styles.costSum}>
        <span className={styles.costNote}>{text.cost}</span>
        <strong data-testid="catalogue-cost">{sum}</strong>
        <span className={styles.costNote}>{text.costOf(many, amount(pool.price, network.token))}</span>
      </p>
      <div className={styles.costAction}>
        <Link href={`/training/new?${writeFilter({ ...filter, sort: 'newest' })}`} className={styles.go}>
          {text.request}
        </Link>
        <p className={styles.costNote}>{text.requestHelp}</p>
      </div>
    </div>
  )
}
