import { Link } from 'wouter'
import { totalWords } from './total-words.js'
import { underWay as text } from './underway.messages.js'
import styles from './underway.module.css'
import { useUnderWay } from './underway.store.js'

/** One line in the frame about contributions that are not done, for the pages that do not show them. */
export function UnderWay({ path }: { path: string }) {
  const totals = useUnderWay()
  if (totals === null || path === '/' || totals.files === 0 || totals.done === totals.files) return null
  return (
    <section className={styles.line} aria-label={text.title}>
      <Link href="/">{totalWords(totals)}</Link>
      <progress className={styles.bar} max={1} value={totals.part} aria-label={text.inAll} />
    </section>
  )
}
