import { useState } from 'react'
import { Button } from '../../components/button.js'
import { notice as text } from './group.messages.js'
import styles from './inbox.module.css'
import { askPermission, permission } from './notices.js'

/** Whether this browser tells of new requests, and the button that asks it to. */
export function Notify() {
  const [state, setState] = useState(permission)
  return (
    <div className={styles.notify}>
      <p role="status">{text.state[state]}</p>
      {state === 'default' ? (
        <Button onClick={async () => setState(await askPermission())}>{text.ask}</Button>
      ) : null}
    </div>
  )
}
