import { type ReactElement, useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { progress as text } from './messages.js'

/** What is sealed or uploaded is lost by a cancelling: that is asked first. */
export function CancelQuestion({
  title,
  trigger,
  onCancel,
}: {
  title: string
  trigger: ReactElement
  onCancel: () => void
}) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog
      kind="question"
      open={open}
      busy={false}
      onOpenChange={setOpen}
      trigger={trigger}
      title={title}
      description={<p>{text.cancelConsequence}</p>}
    >
      <DialogActions>
        <DialogClose asChild>
          <Button>{text.cancelKeep}</Button>
        </DialogClose>
        <Button
          look="danger"
          onClick={() => {
            setOpen(false)
            onCancel()
          }}
        >
          {text.cancelConfirm}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
