import type { DatasetResource } from '@granary/protocol'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { find as text } from './bulk.messages.js'
import styles from './find.module.css'
import { datasets } from './messages.js'
import type { Filter } from './owned.queries.js'

/** While somebody types, the list waits this long for the next letter. Milliseconds. */
const PAUSE = 250

/** What of the datasets is shown, and in which order. */
export function Find({
  filter,
  pools,
  onChange,
}: {
  filter: Filter
  pools: { id: number; title: string }[]
  onChange: (filter: Filter) => void
}) {
  const id = useId()
  const [search, setSearch] = useState(filter.search)
  useEffect(() => setSearch(filter.search), [filter.search])
  useEffect(() => {
    if (search === filter.search) return
    const timer = setTimeout(() => onChange({ ...filter, search }), PAUSE)
    return () => clearTimeout(timer)
  }, [search, filter, onChange])
  const choose = (change: Partial<Filter>) => onChange({ ...filter, ...change })
  const statuses = Object.entries(datasets.status) as [DatasetResource['status'], string][]
  return (
    <search className={styles.find} aria-label={text.label}>
      <p className={styles.search}>
        <label htmlFor={id}>{text.search}</label>
        <input
          id={id}
          type="search"
          maxLength={100}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </p>
      <Choice label={text.status} value={filter.status} onChange={(status) => choose({ status })}>
        {statuses.map(([status, name]) => (
          <option key={status} value={status}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label={text.ask} value={filter.ask} onChange={(ask) => choose({ ask })}>
        <option value="yes">{text.asks.yes}</option>
        <option value="no">{text.asks.no}</option>
      </Choice>
      {pools.length > 1 ? (
        <Choice label={text.pool} value={filter.pool} onChange={(pool) => choose({ pool })}>
          {pools.map((pool) => (
            <option key={pool.id} value={pool.id}>
              {pool.title}
            </option>
          ))}
        </Choice>
      ) : null}
      <Choice label={text.order} value={filter.order} onChange={(order) => choose({ order })} always>
        {Object.entries(text.orders).map(([order, name]) => (
          <option key={order} value={order}>
            {name}
          </option>
        ))}
      </Choice>
    </search>
  )
}

function Choice<T extends string>({
  label,
  value,
  onChange,
  always = false,
  children,
}: {
  label: string
  value: T
  onChange: (value: T) => void
  /** Whether one of them has to be chosen. */
  always?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <p>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {always ? null : <option value="">{text.any}</option>}
        {children}
      </select>
    </p>
  )
}
