import type { DatasetFacets, PoolResource } from '@granary/protocol'
import { type ReactNode, useId } from 'react'
import { Button } from '../../components/button.js'
import { bytes } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import styles from './catalogue.module.css'
import { EMPTY, type Filter, writeFilter } from './filter.js'
import { conditionNames, formatNames, catalogue as text, useNames } from './messages.js'
import { CONDITIONS, USES } from './names.js'

/** What the catalogue can be narrowed to, with how many datasets each choice would leave. */
export function Facets({
  filter,
  facets,
  pools,
  onChange,
}: {
  filter: Filter
  facets: DatasetFacets | undefined
  /** null = the pool is not to be chosen here. */
  pools: readonly PoolResource[] | null
  onChange: (change: Partial<Filter>) => void
}) {
  const since = useId()
  const shownPools = [
    ...(facets?.pools ?? []),
    ...(filter.pool !== null && !facets?.pools.some(({ pool }) => pool === filter.pool)
      ? [{ pool: filter.pool, count: 0 }]
      : []),
  ]
  const nameOf = (id: number) => pools?.find((pool) => pool.id === id)?.title ?? text.poolName(id)
  const toggled = (list: string[], name: string) =>
    list.includes(name) ? list.filter((one) => one !== name) : [...list, name]
  const purposeCount = (name: string) => facets?.purposes.find(({ purpose }) => purpose === name)?.count ?? 0
  const sizes = facets?.sizes ?? []
  const isSize = (minSize: number, maxSize: number | null) =>
    filter.minSize === minSize && filter.maxSize === maxSize
  const cleared = { ...EMPTY, sort: filter.sort, ...(pools === null ? { pool: filter.pool } : {}) }
  return (
    <div className={styles.facets}>
      {pools === null ? null : (
        <Group legend={text.pool}>
          <Choice
            kind="radio"
            name="pool"
            label={text.anyPool}
            checked={filter.pool === null}
            onChange={() => onChange({ pool: null })}
          />
          {shownPools.slice(0, 12).map(({ pool, count }) => (
            <Choice
              key={pool}
              kind="radio"
              name="pool"
              label={nameOf(pool)}
              count={count}
              limit={facets?.limit}
              checked={filter.pool === pool}
              onChange={() => onChange({ pool })}
            />
          ))}
        </Group>
      )}
      <Group legend={text.purposes} help={text.purposesHelp}>
        {[...USES, ...CONDITIONS].map((name) => (
          <Choice
            key={name}
            kind="checkbox"
            name={name}
            label={{ ...useNames, ...conditionNames }[name]}
            count={purposeCount(name)}
            limit={facets?.limit}
            checked={filter.purposes.includes(name)}
            onChange={() => onChange({ purposes: toggled(filter.purposes, name) })}
          />
        ))}
      </Group>
      <Group legend={text.format} help={text.formatHelp}>
        {[
          ...(facets?.formats ?? []),
          ...filter.formats
            .filter((name) => !facets?.formats.some(({ format }) => format === name))
            .map((format) => ({ format, count: 0 })),
        ].map(({ format, count }) => (
          <Choice
            key={format}
            kind="checkbox"
            name={format}
            label={formatNames[format] ?? format}
            count={count}
            limit={facets?.limit}
            checked={filter.formats.includes(format)}
            onChange={() => onChange({ formats: toggled(filter.formats, format) })}
          />
        ))}
      </Group>
      <Group legend={text.size}>
        <Choice
          kind="radio"
          name="size"
          label={text.anySize}
          checked={filter.minSize === null && filter.maxSize === null}
          onChange={() => onChange({ minSize: null, maxSize: null })}
        />
        {sizes
          .filter(({ count, minSize, maxSize }) => count > 0 || isSize(minSize, maxSize))
          .map(({ minSize, maxSize, count }) => (
            <Choice
              key={minSize}
              kind="radio"
              name="size"
              label={sizeName(minSize, maxSize)}
              count={count}
              limit={facets?.limit}
              checked={isSize(minSize, maxSize)}
              onChange={() => onChange({ minSize, maxSize })}
            />
          ))}
      </Group>
      <Group legend={text.ask}>
        <Choice
          kind="radio"
          name="ask"
          label={text.anyAsk}
          checked={filter.ask === null}
          onChange={() => onChange({ ask: null })}
        />
        {(['no', 'yes'] as const).map((ask) => (
          <Choice
            key={ask}
            kind="radio"
            name="ask"
            label={text.askNames[ask]}
            count={facets?.ask.find((one) => one.ask === ask)?.count ?? 0}
            limit={facets?.limit}
            checked={filter.ask === ask}
            onChange={() => onChange({ ask })}
          />
        ))}
      </Group>
      <div className={styles.since}>
        <label htmlFor={since}>{text.since}</label>
        <input
          id={since}
          type="date"
          value={filter.since ?? ''}
          onChange={(event) => onChange({ since: event.target.value || null })}
        />
      </div>
      {writeFilter(filter) === writeFilter(cleared) ? null : (
        <Button onClick={() => onChange(cleared)}>{text.clear}</Button>
      )}
    </div>
  )
}

function sizeName(minSize: number, maxSize: number | null): string {
  if (maxSize === null) return text.sizeFrom(bytes(minSize))
  return minSize === 0 ? text.sizeUnder(bytes(maxSize)) : text.sizeBetween(bytes(minSize), bytes(maxSize))
}

function Group({ legend, help, children }: { legend: string; help?: string; children: ReactNode }) {
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      {help ? <p className={styles.help}>{help}</p> : null}
      {children}
    </fieldset>
  )
}

function Choice({
  kind,
  name,
  label,
  count,
  limit,
  checked,
  onChange,
}: {
  kind: 'radio' | 'checkbox'
  name: string
  label: string
  count?: number
  limit?: number | undefined
  checked: boolean
  onChange: () => void
}) {
  const group = useId()
  const shown = count?.toLocaleString(locale)
  return (
    <label className={styles.choice}>
      <input
        type={kind}
        name={kind === 'radio' ? name : `${group}-${name}`}
        checked={checked}
        onChange={onChange}
      />
      <span>{label}</span>
      {shown === undefined ? null : (
        <span className={styles.count}>{limit !== undefined && count! >= limit ? `${shown}+` : shown}</span>
      )}
    </label>
  )
}
