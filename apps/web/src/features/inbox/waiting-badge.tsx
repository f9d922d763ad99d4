import { notice as text } from './group.messages.js'
import styles from './inbox.module.css'
import { MOST_COUNTED, useWaiting } from './waiting.queries.js'

/** How many requests wait, beside the page's name in the navigation. */
export function WaitingBadge({ owner }: { owner: string }) {
  const count = useWaiting(owner).data?.length ?? 0
  if (count === 0) return null
  return (
    <>
      {' '}
      <span className={styles.badge} data-testid="waiting">
        {count < MOST_COUNTED ? count : `${MOST_COUNTED - 1}+`}
        <span className={styles.unseen}> {text.badge}</span>
      </span>
    </>
  )
}
