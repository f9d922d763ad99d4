import { day, dayValue } from '../../lib/format.js'
import styles from './contribute.module.css'
import { type Expiry, inYears } from './draft.js'
import { contribute as text } from './messages.js'

/** When consent ends; two years from now unless something else is chosen. */
export function ExpiryChoice({ value, onChange }: { value: Expiry; onChange: (expiry: Expiry) => void }) {
  const tomorrow = new Date(Date.now() + 86_400_000)
  return (
    <div className={styles.expiry}>
      {[1, 2, 5].map((years) => (
        <label key={years} className={styles.pill}>
          <input
            type="radio"
            name="expiry"
            checked={value.kind === 'years' && value.years === years}
            onChange={() => onChange({ kind: 'years', years })}
          />
          <span>
            {text.years(years)} <small>{text.until(day(inYears(years)))}</small>
          </span>
        </label>
      ))}
      <label className={styles.pill}>
        <input
          type="radio"
          name="expiry"
          checked={value.kind === 'date'}
          onChange={() => onChange({ kind: 'date', date: dayValue(inYears(1)) })}
        />
        <span>{text.ownDate}</span>
      </label>
      <label className={styles.pill}>
        <input
          type="radio"
          name="expiry"
          checked={value.kind === 'never'}
          onChange={() => onChange({ kind: 'never' })}
        />
        <span>{text.noExpiry}</span>
      </label>
      {value.kind === 'date' ? (
        <label className={styles.date}>
          {text.ownDateLabel}
          <input
            type="date"
            min={dayValue(tomorrow)}
            value={value.date}
            onChange={(event) => onChange({ kind: 'date', date: event.target.value })}
          />
        </label>
      ) : null}
      {value.kind === 'never' ? <p className={styles.warn}>{text.noExpiryWarning}</p> : null}
    </div>
  )
}
