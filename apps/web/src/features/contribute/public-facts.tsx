import { useId } from 'react'
import { bytes } from '../../lib/format.js'
import { MAX_DESCRIPTION } from './contribute.limits.js'
import styles from './contribute.module.css'
import type { Chosen } from './draft.js'
import { Inside } from './inside.js'
import { contribute as text } from './messages.js'
import { Paged } from './paged.js'

/** What everybody will be able to read about each file, and how to change it. */
export function PublicFacts({
  files,
  onChange,
}: {
  files: readonly Chosen[]
  onChange: (key: string, change: Partial<Chosen>) => void
}) {
  return (
    <>
      <Paged of={files} className={styles.facts!}>
        {(chosen) => (
          <Fact key={chosen.key} chosen={chosen} onChange={(change) => onChange(chosen.key, change)} />
        )}
      </Paged>
      <div className={styles.never}>
        <h3>{text.neverTitle}</h3>
        <ul>
          {text.never.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </>
  )
}

function Fact({ chosen, onChange }: { chosen: Chosen; onChange: (change: Partial<Chosen>) => void }) {
  const id = useId()
  const { file, title, type, description } = chosen
  return (
    <li>
      <div className={styles.factHead}>
        <div className={styles.titleField}>
          <label htmlFor={`${id}-title`}>{text.titleLabel(file.name)}</label>
          <input
            id={`${id}-title`}
            type="text"
            maxLength={200}
            value={title}
            onChange={(event) => onChange({ title: event.target.value })}
          />
        </div>
        <dl>
          <div>
            <dt>{text.type}</dt>
            <dd>{type}</dd>
          </div>
          <div>
            <dt>{text.size}</dt>
            <dd>{bytes(file.size)}</dd>
          </div>
        </dl>
      </div>
      <details className={styles.more}>
        <summary>{text.describeIt(description !== '')}</summary>
        <label className={styles.titleField}>
          {text.descriptionLabel(title)}
          <textarea
            rows={3}
            maxLength={MAX_DESCRIPTION}
            value={description}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        </label>
      </details>
      <Inside chosen={chosen} onChange={(edits) => onChange({ edits })} />
    </li>
  )
}
