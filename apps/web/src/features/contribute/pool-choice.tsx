import type { NetworkResource, PoolResource } from '@granary/protocol'
import { amount } from '../../lib/format.js'
import styles from './contribute.module.css'
import { contribute as text } from './messages.js'

/** The open pools, each with its price per use. `gone`: one that was chosen and is open no more. */
export function PoolChoice({
  pools,
  network,
  value,
  gone,
  onChange,
}: {
  pools: readonly PoolResource[]
  network: NetworkResource
  value: number | null
  gone: number | null
  onChange: (pool: number) => void
}) {
  const open = pools.filter((pool) => !pool.closed)
  const titleOf = (id: number) => pools.find((pool) => pool.id === id)?.title ?? text.poolFallback(id)
  return (
    <>
      {gone === null ? null : (
        <p role="alert" className={styles.lacking}>
          {text.poolGone(titleOf(gone))}
        </p>
      )}
      {open.length === 0 ? <p className={styles.help}>{text.noPools}</p> : null}
      <div className={`${styles.options} ${styles.pools}`}>
        {open.map((pool) => (
          <label key={pool.id} className={styles.option}>
            <input
              type="radio"
              name="pool"
              value={pool.id}
              checked={value === pool.id}
              onChange={() => onChange(pool.id)}
            />
            <span className={styles.optionText}>
              <span className={styles.optionTitle}>{pool.title ?? text.poolFallback(pool.id)}</span>
              {pool.description ? <span className={styles.optionNote}>{pool.description}</span> : null}
              <span className={styles.optionNote}>{text.poolDatasets(pool.datasets)}</span>
            </span>
            <span className={styles.price}>
              <strong>{amount(pool.price, network.token)}</strong>
              <span>{text.perUse}</span>
            </span>
          </label>
        ))}
      </div>
    </>
  )
}
