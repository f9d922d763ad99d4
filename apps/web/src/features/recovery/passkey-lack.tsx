import { passkeys as text } from './passkey.messages.js'
import { byName, type Lack } from './passkey.support.js'
import styles from './recovery.module.css'

/** Why there is no passkey to be had here, and what to do about it. */
export function PasskeyLack({ lack }: { lack: Lack }) {
  const named = lack === 'address' ? byName() : null
  return (
    <div className={styles.lack} data-lack={lack}>
      <p>{lack === 'address' ? text.lackAddress(location.hostname) : text.lacks[lack]}</p>
      {named ? (
        <p>
          <a href={named}>{text.openByName(new URL(named).host)}</a> {text.otherAddress}
        </p>
      ) : null}
    </div>
  )
}
