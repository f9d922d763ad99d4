import { useEffect, useRef, useState } from 'react'
import { Button } from '../../components/button.js'
import styles from './build.module.css'
import { useBuild } from './build.queries.js'
import { build as text } from './messages.js'

/** `bafybeigd…x3pq`: its first letters are the same for all. */
const shortCid = (cid: string) => `${cid.slice(0, 10)}…${cid.slice(-4)}`

/** The build that this server says it serves, for the foot of the page; asked for when it comes into view. */
export function Build() {
  const line = useRef<HTMLParagraphElement>(null)
  const [seen, setSeen] = useState(false)
  const { data: cid } = useBuild(seen)
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true))
    if (line.current) watch.observe(line.current)
    return () => watch.disconnect()
  }, [])
  return (
    <p ref={line} className={styles.build} data-testid="build">
      {cid ? (
        <>
          <span>{text.label}</span>
          <code title={cid}>{shortCid(cid)}</code>
          <Copy value={cid} label={text.copyLabel} />
        </>
      ) : null}
    </p>
  )
}

/** Puts `value` on the clipboard and says so. */
export function Copy({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const later = setTimeout(() => setCopied(false), 4_000)
    return () => clearTimeout(later)
  }, [copied])
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <>
      <Button look="quiet" aria-label={label} onClick={copy}>
        {text.copy}
      </Button>
      <span role="status" className={styles.copied}>
        {copied ? text.copied : ''}
      </span>
    </>
  )
}
