import type { ReactNode } from 'react'
import { Button } from '../../components/button.js'
import { codeOf } from '../../components/trouble.js'
import { verified as text } from './verified.messages.js'
import styles from './verified.module.css'

interface Asked<T> {
  data: T | undefined
  error: unknown
  fetchStatus: string
  refetch: () => unknown
}

/** What became of a check that this page made: the word, and behind it what exactly was checked, or why not. */
export function Verified<T>({ query, facts }: { query: Asked<T>; facts: (data: T) => ReactNode }) {
  if (query.fetchStatus === 'fetching') {
    return (
      <p className={styles.state} role="status">
        {text.checking}
      </p>
    )
  }
  if (query.error) return <Failed error={query.error} again={() => void query.refetch()} />
  if (!query.data) return <p className={styles.state}>{text.notYet}</p>
  return (
    <details className={styles.details}>
      <summary className={styles.state} data-state="yes">
        {text.yes}
      </summary>
      {facts(query.data)}
    </details>
  )
}

/** A contradiction is told as one; what could not be looked at is not. */
function Failed({ error, again }: { error: unknown; again: () => void }) {
  const code = codeOf(error) ?? ''
  const contradiction = text.contradiction[code]
  return (
    <div className={styles.failed} role="alert">
      <p className={styles.state} data-state={contradiction ? 'no' : 'unsure'}>
        {contradiction ? text.no : text.unsure}
      </p>
      <p>{contradiction ?? text.trouble[code] ?? text.trouble.CHAIN_UNAVAILABLE}</p>
      {contradiction ? <p>{text.lies}</p> : null}
      <Button look="quiet" onClick={again}>
        {text.again}
      </Button>
    </div>
  )
}

/** Lines of what was checked, how the chain was read, and what all of it does not show. */
export function Facts({ lines, endpoint }: { lines: string[]; endpoint: keyof typeof text.endpoint }) {
  return (
    <>
      <ul className={styles.facts}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        <li>{text.endpoint[endpoint]}</li>
      </ul>
      <p>{text.limits}</p>
    </>
  )
}
