import type { ActionName, NetworkResource, PoolResource } from '@granary/protocol'
import { useId } from 'react'
import { type FieldOf, type Fields, fieldsOf, GROUPS, SECONDS } from './draft.js'
import { draft as text } from './draft.messages.js'
import styles from './draft.module.css'

interface Typed {
  action: ActionName | null
  fields: Fields
}

/** What to do, and what that needs to know. `faults` by the names of fields, in words. */
export function ActionForm({
  thing,
  faults,
  network,
  pools,
  onChange,
}: {
  thing: Typed
  faults: Record<string, string>
  network: NetworkResource
  pools: readonly PoolResource[]
  onChange: (next: Typed) => void
}) {
  const id = useId()
  const { action, fields } = thing
  return (
    <div className={styles.fields}>
      <div className={styles.field}>
        <label htmlFor={id}>{text.what}</label>
        <select
          id={id}
          value={action ?? ''}
          aria-invalid={faults.action ? true : undefined}
          aria-describedby={faults.action ? `${id}-fault` : undefined}
          onChange={(event) =>
            onChange({ action: (event.target.value || null) as ActionName | null, fields: {} })
          }
        >
          <option value="">{text.choose}</option>
          {Object.entries(GROUPS).map(([group, actions]) => (
            <optgroup key={group} label={text.groups[group as keyof typeof GROUPS]}>
              {actions.map((each) => (
                <option key={each} value={each}>
                  {text.actions[each]}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        {faults.action ? (
          <p id={`${id}-fault`} className={styles.fault}>
            {faults.action}
          </p>
        ) : null}
      </div>
      {action
        ? fieldsOf(action).map((field) => (
            <Field
              key={`${action} ${field.name}`}
              field={field}
              fields={fields}
              fault={faults[field.name]}
              network={network}
              pools={pools}
              onType={(name, value) => onChange({ action, fields: { ...fields, [name]: value } })}
            />
          ))
        : null}
    </div>
  )
}

function Field({
  field: { name, kind },
  fields,
  fault,
  network,
  pools,
  onType,
}: {
  field: FieldOf
  fields: Fields
  fault: string | undefined
  network: NetworkResource
  pools: readonly PoolResource[]
  onType: (name: string, value: string) => void
}) {
  const id = useId()
  const plain = text.fields[name] ?? name
  const label = kind === 'price' || kind === 'amount' ? text.in(plain, network.token.symbol) : plain
  const hint = text.hints[name]
  const described = [hint ? `${id}-hint` : null, fault ? `${id}-fault` : null].filter(Boolean).join(' ')
  const shared = {
    id,
    value: fields[name] ?? '',
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': described || undefined,
    onChange: (event: { target: { value: string } }) => onType(name, event.target.value),
  }
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {kind === 'pool' ? (
        <select {...shared}>
          <option value="">{text.choose}</option>
          {pools.map((pool) => (
            <option key={pool.id} value={pool.id}>
              {pool.id}
              {pool.title ? ` · ${pool.title}` : ''}
            </option>
          ))}
        </select>
      ) : kind === 'members' ? (
        <textarea {...shared} rows={4} spellCheck={false} />
      ) : kind === 'seconds' || kind === 'period' ? (
        <span className={styles.pair}>
          <input {...shared} inputMode="numeric" autoComplete="off" />
          <select
            aria-label={text.unitOf(plain)}
            value={fields[`${name}.unit`] ?? 'seconds'}
            onChange={(event) => onType(`${name}.unit`, event.target.value)}
          >
            {Object.keys(SECONDS).map((unit) => (
              <option key={unit} value={unit}>
                {text.units[unit as keyof typeof SECONDS]}
              </option>
            ))}
          </select>
        </span>
      ) : (
        <input
          {...shared}
          type={kind === 'time' ? 'date' : 'text'}
          inputMode={kind === 'account' || kind === 'digest' || kind === 'calldata' ? undefined : 'decimal'}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {hint ? (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      ) : null}
      {fault ? (
        <p id={`${id}-fault`} className={styles.fault}>
          {fault}
        </p>
      ) : null}
    </div>
  )
}
