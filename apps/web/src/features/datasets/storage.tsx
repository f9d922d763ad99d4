import type { StorageResource } from '@granary/protocol'
import { ago, moment } from '../../lib/format.js'
import { storage as text } from './storage.messages.js'
import styles from './storage.module.css'
import type { useStorage } from './storage.queries.js'

/** How a file is kept, in one line; behind it where it lies and what became of it. */
export function Storage({ query }: { query: ReturnType<typeof useStorage> }) {
  if (query.isError && !query.data) return <p className={styles.storage}>{text.failed}</p>
  if (!query.data) return null
  const { locations, history, erasure, nextCheck } = query.data
  return (
    <details className={styles.storage}>
      <summary data-state={query.data.state}>{line(query.data)}</summary>
      {erasure?.state === 'kept' ? <p>{text.kept}</p> : null}
      {erasure && erasure.sharedBlocks > 0 ? <p>{text.sharedBlocks(erasure.sharedBlocks)}</p> : null}
      <h4>{text.where}</h4>
      {locations.length === 0 ? <p>{text.nowhere}</p> : null}
      <ul>
        {locations.map((copy) => (
          <li key={copy.location}>
            {text.copy(copy)}
            {copy.state === 'erased' ? <> – {moment(copy.since)}</> : null}
          </li>
        ))}
      </ul>
      {nextCheck ? <p>{text.next(nextCheck)}</p> : null}
      <h4>{text.history}</h4>
      {history.length === 0 ? <p>{text.nothing}</p> : null}
      <ol>
        {history.map((event, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two events may be alike to the letter
          <li key={`${event.time} ${place}`}>
            <time dateTime={event.time}>{moment(event.time)}</time> {text.event(event)}
          </li>
        ))}
      </ol>
    </details>
  )
}

function line({ state, copies, checked, erasure }: StorageResource): string {
  if (erasure?.state === 'erased' && erasure.finished) return text.erased(erasure.finished)
  if (erasure?.state === 'erasing') return text.erasing
  if (checked === null) return text.unchecked
  if (state === 'missing' || state === 'repairing') return text.missing(ago(checked))
  if (state === 'lost') return text.lost(ago(checked))
  return text.held(copies, ago(checked))
}
