import type { DatasetResource } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Trouble } from '../../components/trouble.js'
import type { Wallet } from '../../wallet/wallet.js'
import { useWithdraw } from './datasets.queries.js'
import { datasets as text } from './messages.js'
import { erase as eraseText } from './storage.messages.js'
import styles from './withdraw.module.css'

/** The button and the question behind it, which promises no more than is true. */
export function Withdraw({
  dataset,
  title,
  wallet,
  onWithdrawn,
}: {
  dataset: DatasetResource
  title: string
  wallet: Wallet
  onWithdrawn: (said: string) => void
}) {
  const [open, setOpen] = useState(false)
  const [erase, setErase] = useState(false)
  const withdraw = useWithdraw(wallet, (erasure) => {
    setOpen(false)
    if (erasure === null) return onWithdrawn(text.withdrawn(title))
    if (erasure === 'failed') return onWithdrawn(eraseText.withdrawnOnly(title))
    onWithdrawn((erasure === 'kept' ? eraseText.kept : eraseText.withdrawnToo)(title))
  })
  return (
    <Dialog
      kind="question"
      open={open}
      busy={withdraw.isPending}
      onOpenChange={(next) => {
        withdraw.reset()
        setErase(false)
        setOpen(next)
      }}
      trigger={
        <Button look="quiet" aria-label={text.withdrawLabel(title)}>
          {text.withdraw}
        </Button>
      }
      title={text.dialogTitle(title)}
      description={
        <>
          <p>{text.dialogStops}</p>
          <p>
            <strong>{text.dialogCannot}</strong>
          </p>
          <p>{text.dialogKeeps}</p>
        </>
      }
    >
      <label className={styles.option}>
        <input
          type="checkbox"
          checked={erase}
          disabled={withdraw.isPending}
          onChange={(event) => setErase(event.target.checked)}
        />
        <span>
          {eraseText.also}
          <span className={styles.note}>{eraseText.alsoNote}</span>
          {erase ? (
            <span className={styles.note}>
              {eraseText.final} {eraseText.pending}
            </span>
          ) : null}
        </span>
      </label>
      <Trouble error={withdraw.error} title={text.withdrawFailed} rejected={text.rejected} />
      <DialogActions>
        <DialogClose asChild>
          <Button busy={withdraw.isPending}>{text.dialogKeep}</Button>
        </DialogClose>
        <Button
          look="danger"
          busy={withdraw.isPending}
          onClick={() => withdraw.mutate({ id: dataset.id, erase })}
        >
          {withdraw.isPending ? text.dialogBusy : text.dialogConfirm}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
