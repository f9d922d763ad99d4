import type { PurposeName } from '@granary/protocol'
import styles from './contribute.module.css'
import { permissions, contribute as text, uses } from './messages.js'

/** What is allowed, each with what follows from it. Nothing is ticked beforehand. */
export function PurposeChoice({
  value,
  onChange,
}: {
  value: readonly PurposeName[]
  onChange: (purposes: PurposeName[]) => void
}) {
  const toggle = (name: PurposeName, on: boolean) =>
    onChange(on ? [...value, name] : value.filter((other) => other !== name))
  const list = (words: object) =>
    (Object.entries(words) as [PurposeName, { title: string; consequence: string }][]).map(([name, word]) => (
      <label key={name} className={styles.option}>
        <input
          type="checkbox"
          name={name}
          checked={value.includes(name)}
          onChange={(event) => toggle(name, event.target.checked)}
        />
        <span className={styles.optionText}>
          <span className={styles.optionTitle}>{word.title}</span>
          <span className={styles.optionNote}>{word.consequence}</span>
        </span>
      </label>
    ))
  return (
    <div className={styles.purposes}>
      <fieldset>
        <legend className={styles.subLegend}>{text.usesTitle}</legend>
        <div className={styles.options}>{list(uses)}</div>
      </fieldset>
      <fieldset>
        <legend className={styles.subLegend}>{text.permissionsTitle}</legend>
        <div className={styles.options}>{list(permissions)}</div>
      </fieldset>
    </div>
  )
}
