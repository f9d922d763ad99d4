import type { ReactNode } from 'react'
import styles from './notice.module.css'

/** A message in the flow of the page. `trouble` interrupts a screen reader, the others wait for a pause. */
export function Notice({
  tone,
  title,
  children,
  action,
}: {
  tone: 'calm' | 'attention' | 'trouble' | 'good'
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === 'trouble' ? 'alert' : 'status'}>
      <div>
        <p className={styles.title}>{title}</p>
        {children ? <div className={styles.text}>{children}</div> : null}
      </div>
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  )
}
