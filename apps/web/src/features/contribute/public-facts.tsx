import { useId } from 'react'
import { bytes } from '../../lib/format.js'
import styles from './contribute.module.css'
import type { Chosen } from './draft.js'
import { contribute as text } from './messages.js'

/** What everybody will be able to read about each file; its title can still be changed. */
export function PublicFacts({
  files,
  onTitle,
}: {
  files: readonly Chosen[]
  onTitle: (key: string, title: string) => void
}) {
  const id = useId()
  return (
    <ul className={styles.facts}>
      {files.map(({ key, file, title, type }, index) => (
        <li key={key}>
          <div className={styles.titleField}>
            <label htmlFor={`${id}-${index}`}>{text.titleLabel(file.name)}</label>
            <input
              id={`${id}-${index}`}
              type="text"
              maxLength={200}
              value={title}
              onChange={(event) => onTitle(key, event.target.value)}
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
        </li>
      ))}
    </ul>
  )
}
