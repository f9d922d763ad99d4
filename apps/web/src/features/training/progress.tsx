import { useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { bytes } from '../../lib/format.js'
import { catalogue } from '../catalogue/messages.js'
import { useDataset } from '../requests/requests.queries.js'
import type { Opening } from './fetch.js'
import type { Kept } from './fetch.sink.js'
import { request as text } from './messages.js'
import styles from './training.module.css'

const STEP = 25

interface Facts {
  opening: Opening
  kept: ReadonlyMap<string, Kept>
  approvals: ReadonlyMap<string, 'pending' | 'granted' | 'refused'>
  /** Why one did not come, in words. */
  failed: ReadonlyMap<string, string>
  onSave: (kept: Kept) => void
}

const SHA256 = 'SHA-256'

/** Every dataset of a request and how far it is: those on their way first. */
export function Progress({ ids, ...facts }: Facts & { ids: readonly string[] }) {
  const [shown, setShown] = useState(STEP)
  const moving = (id: string) => facts.opening.has(id) && !facts.kept.has(id)
  const order = [...ids.filter(moving), ...ids.filter((id) => !moving(id))]
  if (ids.length === 0) return null
  return (
    <>
      <h3 id="request-datasets">{text.datasets}</h3>
      <ul className={lines.list} aria-labelledby="request-datasets">
        {order.slice(0, shown).map((id) => (
          <Line key={id} id={id} {...facts} />
        ))}
      </ul>
      {ids.length > shown ? <Button onClick={() => setShown(shown + STEP)}>{text.more}</Button> : null}
    </>
  )
}

function Line({ id, opening, kept, approvals, failed, onSave }: Facts & { id: string }) {
  const dataset = useDataset(id)
  const title = dataset.data?.metadata?.title || catalogue.untitled
  const file = kept.get(id)
  const now = opening.get(id)
  const size = dataset.data?.metadata?.size
  const percent = now ? Math.floor((100 * now.done) / Math.max(1, now.total ?? size ?? now.done)) : 0
  const answer = approvals.get(id)
  const state = file
    ? file.where === 'folder'
      ? text.dataset.folder
      : text.dataset.kept
    : now
      ? text.dataset.opening(Math.min(100, percent))
      : (failed.get(id) ??
        (answer === 'refused'
          ? text.dataset.refused
          : answer === 'pending'
            ? text.dataset.asking
            : text.dataset.waiting))
  return (
    <li className={lines.line} data-testid={`fetch-${id}`}>
      <div>
        <h3>
          <Link href={`/catalogue/${id}`}>{title}</Link>
        </h3>
        <p className={lines.meta}>
          <span
            className={lines.standing}
            data-tone={file ? 'good' : failed.has(id) ? 'bad' : now ? 'open' : undefined}
          >
            {state}
          </span>
          {size === undefined ? '' : ` · ${bytes(size)}`}
          {file ? (
            <>
              {` · ${SHA256} `}
              <code title={file.sha256}>{file.sha256.slice(0, 12)}…</code>
            </>
          ) : null}
        </p>
        {now && !file ? (
          <progress className={styles.bar} max={100} value={percent} aria-label={title} />
        ) : null}
      </div>
      {file?.where === 'browser' ? (
        <Button aria-label={text.saveLabel(title)} onClick={() => onSave(file)}>
          {text.save}
        </Button>
      ) : null}
    </li>
  )
}
