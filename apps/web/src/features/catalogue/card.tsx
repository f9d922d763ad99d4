import type { DatasetResource, NetworkResource } from '@granary/protocol'
import { Link } from 'wouter'
import { bytes, day } from '../../lib/format.js'
import { locale } from '../../lib/language.js'
import styles from './catalogue.module.css'
import { formatNames, catalogue as text, useNames } from './messages.js'
import { USES } from './names.js'
import { formatOf, readSchema } from './schema.js'

/** One dataset in a list: what it is, how much of it, for what, and what a use costs. */
export function Card({
  dataset,
  price,
  poolTitle,
}: {
  dataset: DatasetResource
  /** Written out; null while it is not known. */
  price: string | null
  /** null where all are of one pool. */
  poolTitle: string | null
}) {
  const { metadata } = dataset
  const schema = readSchema(metadata)
  const uses = USES.filter((name) => dataset.purposes.includes(name))
  const facts = [
    formatNames[formatOf(metadata)],
    metadata ? bytes(metadata.size) : null,
    schema.rows ? text.rows(schema.rows.count.toLocaleString(locale), schema.rows.exact) : null,
    schema.columns.length > 0 ? text.columns(schema.columns.length) : null,
    schema.from && schema.to ? text.range(day(schema.from), day(schema.to)) : null,
  ].filter(Boolean)
  return (
    <li className={styles.card} data-testid={`dataset-${dataset.id}`}>
      <div className={styles.cardHead}>
        <h3>
          <Link href={`/catalogue/${dataset.id}`}>{metadata?.title || text.untitled}</Link>
        </h3>
        {price === null ? null : <p className={styles.price}>{price}</p>}
      </div>
      {metadata?.description ? <p className={styles.description}>{metadata.description}</p> : null}
      <p className={styles.meta}>{facts.join(' · ')}</p>
      <p className={styles.meta}>
        {[poolTitle, day(dataset.registered.time), text.uses(dataset.uses), dataset.ask ? text.asks : null]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <ul className={styles.tags}>
        {uses.map((name) => (
          <li key={name}>{useNames[name]}</li>
        ))}
      </ul>
    </li>
  )
}

export type Token = NetworkResource['token']
