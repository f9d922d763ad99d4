import type { NetworkResource, PoolResource } from '@granary/protocol'
import { amount } from '../../lib/format.js'
import styles from './contribute.module.css'
import { contribute as text } from './messages.js'

/** The open pools, each with its price per use. */
export function PoolChoice({
  pools,
  network,
  value,
  onChange,
}: {
  pools: readonly PoolResource[]
  network: NetworkResource
  value: number | null
  onChange: (pool: number) => void
}) {
  const open = pools.filter((pool) => !pool.closed)
  if (open.length === 0) return <p className={styles.help}>{text.noPools}</p>
  return (
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
  )
}
