import type { DatasetResource } from '@granary/protocol'
import type { ReactNode } from 'react'
import { Button } from '../../components/button.js'
import { DialogActions } from '../../components/dialog.js'
import { Notice } from '../../components/notice.js'
import { codeOf, Trouble } from '../../components/trouble.js'
import { bulk as text } from './bulk.messages.js'
import styles from './bulk.module.css'
import type { RunState } from './bulk.run.js'
import { datasets } from './messages.js'

/** How far a run is, what did not go through, and how to stop it and go on. */
export function BulkProgress<Item>({
  state,
  datasetOf,
  said,
  undo,
  onStop,
  onGoOn,
  onAgain,
  onClose,
}: {
  state: RunState<Item>
  datasetOf: (item: Item) => DatasetResource
  said: string
  undo?: ReactNode
  onStop: () => void
  onGoOn: () => void
  onAgain: () => void
  onClose: () => void
}) {
  const { phase, done, total, sent, failed, reason } = state
  return (
    <div className={styles.progress}>
      <label className={styles.meter}>
        <span role="status">{text.progress(done, total)}</span>
        <progress max={total} value={done} />
      </label>
      {sent > 0 ? <p className={styles.soft}>{text.sent(sent)}</p> : null}
      {phase === 'stopped' ? (
        <Notice tone="attention" title={text.stoppedBy[codeOf(reason) ?? ''] ?? text.stopped} />
      ) : null}
      {phase === 'done' && done > 0 ? <Notice tone="good" title={said} action={undo} /> : null}
      {failed.length > 0 ? (
        <section className={styles.failed}>
          <h3>{text.failed(failed.length)}</h3>
          <ul>
            {failed.map(({ item, error }) => (
              <li key={datasetOf(item).id}>
                <Trouble
                  error={error}
                  title={datasetOf(item).metadata?.title || datasets.untitled}
                  rejected={text.stopped}
                />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <DialogActions>
        {phase === 'running' ? <Button onClick={onStop}>{text.stop}</Button> : null}
        {phase === 'stopped' ? (
          <Button look="main" onClick={onGoOn}>
            {text.goOn}
          </Button>
        ) : null}
        {phase === 'done' && failed.length > 0 ? <Button onClick={onAgain}>{text.again}</Button> : null}
        {phase === 'running' || sent > 0 ? null : <Button onClick={onClose}>{text.close}</Button>}
      </DialogActions>
    </div>
  )
}
