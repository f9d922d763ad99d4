import styles from './contribute.module.css'
import { contribute as text } from './messages.js'

/** Whether each request waits for the owner. */
export function AskChoice({ value, onChange }: { value: boolean; onChange: (ask: boolean) => void }) {
  return (
    <div className={styles.options}>
      {[
        { ask: false, title: text.askNever, note: text.askNeverNote },
        { ask: true, title: text.askEach, note: text.askEachNote },
      ].map(({ ask, title, note }) => (
        <label key={title} className={styles.option}>
          <input
            type="radio"
            name="ask"
            value={ask ? 'each' : 'never'}
            checked={value === ask}
            onChange={() => onChange(ask)}
          />
          <span className={styles.optionText}>
            <span className={styles.optionTitle}>{title}</span>
            <span className={styles.optionNote}>{note}</span>
          </span>
        </label>
      ))}
    </div>
  )
}
