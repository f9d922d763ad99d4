import { type ReactNode, useEffect, useRef } from 'react'
import { app } from '../app.messages.js'
import { setPageTitle } from '../lib/title.js'
import styles from './page.module.css'

/** Whether a page was shown before: the first one leaves the focus where the browser put it. */
let shown = false

/**
 * A page with its headline, which takes the focus when one comes here from another page, so that a screen reader tells
 * where one is. `side`: what stands beside the work on a wide screen and below it on a narrow one.
 */
export function Page({
  title,
  lead,
  side,
  sideLabel,
  sideFirst = false,
  children,
}: {
  title: string
  lead?: ReactNode
  side?: ReactNode
  sideLabel?: string
  /** what stands beside it is the page's main act: on a narrow screen it comes before the work */
  sideFirst?: boolean
  children: ReactNode
}) {
  const headline = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    setPageTitle(app.title(title))
  }, [title])
  useEffect(() => {
    if (shown) headline.current?.focus({ preventScroll: true })
    shown = true
    window.scrollTo(0, 0)
  }, [])
  const aside = side ? (
    <aside className={styles.side} aria-label={sideLabel}>
      {side}
    </aside>
  ) : null
  return (
    <>
      <h1 ref={headline} tabIndex={-1} className={styles.title}>
        {title}
      </h1>
      {lead ? <div className={styles.lead}>{lead}</div> : null}
      <div className={side ? styles.columns : styles.column}>
        {sideFirst ? aside : null}
        <div className={styles.work}>{children}</div>
        {sideFirst ? null : aside}
      </div>
    </>
  )
}
