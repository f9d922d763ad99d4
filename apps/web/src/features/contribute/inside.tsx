import type { DatasetSchema } from '@granary/protocol'
import { bytes, day } from '../../lib/format.js'
import { MAX_SCHEMA_COLUMN_NAME } from './contribute.limits.js'
import type { Chosen, Finding } from './draft.js'
import styles from './inside.module.css'
import { inside as text } from './messages.js'
import { Paged } from './paged.js'
import { type Edits, publishedOf } from './published.js'

/** What was found in a file, and what of it is published. */
export function Inside({ chosen, onChange }: { chosen: Chosen; onChange: (edits: Edits) => void }) {
  const { found, edits, title } = chosen
  if (found === 'looking') return <p className={styles.none}>{text.looking}</p>
  if (found === null) return <p className={styles.none}>{text.notRecognised}</p>
  const schema = publishedOf(found.schema, edits)
  const { rows, from, to } = found.schema
  return (
    <fieldset className={styles.inside} aria-label={text.of(title)}>
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={edits.published}
          onChange={(event) => onChange({ ...edits, published: event.target.checked })}
        />
        <span>
          <strong>{text.publish}</strong>{' '}
          <span className={styles.words}>{words(schema ?? found.schema)}</span>
        </span>
      </label>
      {edits.published ? (
        <details>
          <summary>{text.change}</summary>
          <div className={styles.switches}>
            {rows === undefined ? null : (
              <Switch
                checked={edits.rows}
                onChange={(next) => onChange({ ...edits, rows: next })}
                label={text.rows(rows, found.schema.rowsExact ?? false)}
              />
            )}
            {from && to ? (
              <Switch
                checked={edits.days}
                onChange={(next) => onChange({ ...edits, days: next })}
                label={text.days(day(from), day(to))}
              />
            ) : null}
          </div>
          <Columns found={found} edits={edits} onChange={onChange} />
          <Entries found={found} />
        </details>
      ) : null}
    </fieldset>
  )
}

function Switch({
  checked,
  onChange,
  label,
}: {
  checked: boolean
  onChange: (next: boolean) => void
  label: string
}) {
  return (
    <label className={styles.switch}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

function Columns({
  found: { schema, columnsInAll, isTitled },
  edits,
  onChange,
}: {
  found: Finding
  edits: Edits
  onChange: (edits: Edits) => void
}) {
  const columns = schema.columns ?? []
  if (columns.length === 0) return null
  const change = (at: number, next: Partial<Edits['columns'][number]>) =>
    onChange({
      ...edits,
      columns: edits.columns.map((column, other) => (other === at ? { ...column, ...next } : column)),
    })
  return (
    <>
      <h4 className={styles.heading}>{text.columns(columns.length)}</h4>
      {isTitled ? null : <p className={styles.none}>{text.untitled}</p>}
      {columnsInAll > columns.length ? (
        <p className={styles.none}>{text.moreColumns(columnsInAll - columns.length)}</p>
      ) : null}
      <Paged of={columns} className={styles.columns!}>
        {({ name, type }, at) => {
          const edit = edits.columns[at] ?? { name, keep: true }
          return (
            <li key={at} data-dropped={!edit.keep || undefined}>
              <input
                type="checkbox"
                checked={edit.keep}
                aria-label={text.keepColumn(name)}
                onChange={(event) => change(at, { keep: event.target.checked })}
              />
              <input
                type="text"
                value={edit.name}
                maxLength={MAX_SCHEMA_COLUMN_NAME}
                disabled={!edit.keep}
                aria-label={text.nameOfColumn(name)}
                onChange={(event) => change(at, { name: event.target.value })}
              />
              <span>{text.types[type]}</span>
            </li>
          )
        }}
      </Paged>
    </>
  )
}

/** Of an archive: its kinds of files, and, for its owner alone, the tables in it. */
function Entries({ found: { schema, tables } }: { found: Finding }) {
  if (!schema.entries) return null
  return (
    <>
      <h4 className={styles.heading}>{text.entries}</h4>
      <ul className={styles.entries}>
        {schema.entries.map(({ kind, count, bytes: size }) => (
          <li key={kind}>{text.entry(kind, count, bytes(size))}</li>
        ))}
      </ul>
      {tables.length > 0 ? (
        <>
          <h4 className={styles.heading}>{text.tables}</h4>
          <p className={styles.none}>{text.tablesNote}</p>
          <ul className={styles.entries}>
            {tables.map((table) => (
              <li key={table.name}>
                {table.name}: {words(table.schema)}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  )
}

function words({ format, columns, rows, rowsExact, from, to, entries }: DatasetSchema): string {
  const files = entries?.reduce((sum, { count }) => sum + count, 0)
  return [
    text.formats[format],
    files === undefined ? null : text.files(files),
    columns ? text.columns(columns.length) : null,
    rows === undefined ? null : text.rows(rows, rowsExact ?? false),
    from && to ? text.days(day(from), day(to)) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
