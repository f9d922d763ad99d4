import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { day } from '../../lib/format.js'
import { granary } from '../../lib/sdk.js'
import type { Wallet } from '../../wallet/wallet.js'
import { passkeys as text } from './passkey.messages.js'
import { type KnownPasskey, passkeyRun, useIdentity, useKeyChange } from './passkey.queries.js'
import { PasskeyTrouble } from './passkey-trouble.js'

/** The button that ends keeping the key with a passkey, and the question behind it. */
export function RemovePasskey({
  passkey: { file, backup },
  wallet,
  onRemoved,
}: {
  passkey: KnownPasskey
  wallet: Wallet
  onRemoved: () => void
}) {
  const [open, setOpen] = useState(false)
  const identity = useIdentity(wallet)
  const date = day(file.created)
  const remove = useKeyChange(async () => {
    // The server first: what fails halfway is still shown here, and can be removed again.
    if (backup) await (await granary(wallet)).passkeyBackups.remove(backup.id).catch(unlessGone)
    await (await passkeyRun()).forgetKeys(file.credential)
    setOpen(false)
    onRemoved()
  })
  return (
    <Dialog
      kind="question"
      open={open}
      busy={remove.isPending}
      onOpenChange={(next) => {
        remove.reset()
        setOpen(next)
      }}
      trigger={
        <Button look="quiet" aria-label={text.removeLabel(date)}>
          {text.remove}
        </Button>
      }
      title={text.removeTitle(date)}
      description={
        <>
          <p>{text.removes}</p>
          <p>{text.removeFiles}</p>
          {identity.data?.saved ? null : (
            <p>
              <strong>{text.removeUnsaved}</strong>
            </p>
          )}
        </>
      }
    >
      <PasskeyTrouble error={remove.error} title={text.notRemoved} />
      <DialogActions>
        <DialogClose asChild>
          <Button busy={remove.isPending}>{text.keepIt}</Button>
        </DialogClose>
        <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate(undefined)}>
          {text.confirmRemove}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** A copy that somebody removed elsewhere is removed. */
function unlessGone(error: { code?: string }): void {
  if (error.code !== 'PASSKEY_BACKUP_UNKNOWN') throw error
}
