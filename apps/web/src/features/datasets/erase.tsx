import type { DatasetResource } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Trouble } from '../../components/trouble.js'
import type { Wallet } from '../../wallet/wallet.js'
import { erase as text } from './storage.messages.js'
import { useErase } from './storage.queries.js'

/** For a withdrawn dataset: the button that has its sealed file deleted, and the question behind it. */
export function Erase({
  dataset,
  title,
  wallet,
  onErased,
}: {
  dataset: DatasetResource
  title: string
  wallet: Wallet
  onErased: (said: string) => void
}) {
  const [open, setOpen] = useState(false)
  const erase = useErase(wallet, (erasure) => {
    setOpen(false)
    onErased(erasure.state === 'kept' ? text.kept(title) : text.asked(title))
  })
  return (
    <Dialog
      kind="question"
      open={open}
      busy={erase.isPending}
      onOpenChange={(next) => {
        erase.reset()
        setOpen(next)
      }}
      trigger={
        <Button look="quiet" aria-label={text.openLabel(title)}>
          {text.open}
        </Button>
      }
      title={text.title(title)}
      description={
        <>
          <p>
            {text.deletes} {text.final}
          </p>
          <p>
            <strong>{text.cannot}</strong>
          </p>
          <p>{text.pending}</p>
        </>
      }
    >
      <Trouble error={erase.error} title={text.failed} rejected={text.rejected} />
      <DialogActions>
        <DialogClose asChild>
          <Button busy={erase.isPending}>{text.keep}</Button>
        </DialogClose>
        <Button look="danger" busy={erase.isPending} onClick={() => erase.mutate(dataset)}>
          {erase.isPending ? text.busy : text.confirm}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
