import type { DatasetResource, Hex } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Trouble } from '../../components/trouble.js'
import { granary } from '../../lib/sdk.js'
import { signing } from '../../wallet/wallet.js'
import { type BulkProps, useRun } from './bulk.hooks.js'
import { selection, bulk as text } from './bulk.messages.js'
import styles from './bulk.module.css'
import { BulkProgress } from './bulk-progress.js'
import { erase as eraseText } from './storage.messages.js'

/** One question for the withdrawal of many, which promises no more than is true. */
export function BulkWithdraw({ count, collect, wallet, onOpen, onSaid, onDone }: BulkProps) {
  const [open, setOpen] = useState(false)
  const [erase, setErase] = useState(false)
  const found = useMutation({ mutationFn: collect })
  const run = useRun<DatasetResource>('Withdrawal', (dataset, onSent) => withdraw(dataset.id as Hex, onSent))
  const items = found.data?.filter(({ status }) => status !== 'withdrawn') ?? []
  const left = (found.data?.length ?? 0) - items.length

  async function withdraw(id: Hex, onSent: () => void): Promise<void> {
    const { datasets } = await granary(wallet)
    await signing(() => datasets.withdraw(id, { onSent }))
    if (erase) await datasets.erase(id)
  }

  function change(next: boolean) {
    setOpen(next)
    onOpen(next)
    if (next) return found.mutate()
    if (run.state?.phase === 'done') {
      onSaid(text.doneWithdrawn(run.state.done))
      onDone()
    }
    run.reset()
    setErase(false)
  }

  return (
    <Dialog
      kind="question"
      open={open}
      busy={run.state?.phase === 'running' || (run.state?.sent ?? 0) > 0}
      onOpenChange={change}
      trigger={<Button>{selection.withdraw}</Button>}
      title={text.withdrawTitle(run.state?.total ?? (found.data ? items.length : count))}
      description={
        <>
          <p>{text.withdrawStops}</p>
          <p>
            <strong>{text.withdrawCannot}</strong>
          </p>
        </>
      }
    >
      {run.state ? (
        <BulkProgress
          state={run.state}
          datasetOf={(dataset) => dataset}
          said={text.doneWithdrawn(run.state.done)}
          onStop={run.stop}
          onGoOn={run.goOn}
          onAgain={run.again}
          onClose={() => change(false)}
        />
      ) : (
        <div className={styles.form}>
          <label className={styles.option}>
            <input type="checkbox" checked={erase} onChange={({ target }) => setErase(target.checked)} />
            <span>
              {text.erase}
              <span className={styles.note}>{eraseText.alsoNote}</span>
              {erase ? <span className={styles.note}>{eraseText.final}</span> : null}
            </span>
          </label>
          <section className={styles.changes} aria-live="polite" aria-label={text.summary}>
            {found.isPending ? <p>{text.collecting}</p> : null}
            {found.data ? (
              <p>
                {text.changes(items.length, found.data.length)}{' '}
                {items.length > 0 ? text.signatures(items.length) : null}{' '}
                {left > 0 ? text.withdrawn(left) : null}
              </p>
            ) : null}
          </section>
          <Trouble error={found.error} title={text.collectFailed} rejected={text.stopped} />
          <DialogActions>
            <DialogClose asChild>
              <Button>{text.keep}</Button>
            </DialogClose>
            <Button look="danger" busy={items.length === 0} onClick={() => run.start(items)}>
              {text.withdrawConfirm(items.length || count)}
            </Button>
          </DialogActions>
        </div>
      )}
    </Dialog>
  )
}
