import type { DatasetResource } from '@granary/protocol'
import { AlertDialog } from 'radix-ui'
import { useEffect, useState } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import type { Wallet } from '../../wallet/wallet.js'
import { useWithdraw } from './datasets.queries.js'
import { datasets as text } from './messages.js'
import styles from './withdraw.module.css'

/**
 * The button and the question behind it, which promises no more than is true. The backdrop is an element of our own:
 * Radix's one writes a style element, which the page's content security policy refuses.
 */
export function Withdraw({
  dataset,
  title,
  wallet,
  onWithdrawn,
}: {
  dataset: DatasetResource
  title: string
  wallet: Wallet
  onWithdrawn: (title: string) => void
}) {
  const [open, setOpen] = useState(false)
  const withdraw = useWithdraw(wallet)
  // Radix hides the page behind the question from screen readers; this takes it out of reach for everybody.
  useEffect(() => {
    const page = document.getElementById('root')
    if (!page || !open) return
    page.inert = true
    return () => {
      page.inert = false
    }
  }, [open])
  const error = withdraw.error as { code?: string; message: string } | null
  const confirm = () =>
    withdraw.mutate(dataset, {
      onSuccess: () => {
        setOpen(false)
        onWithdrawn(title)
      },
    })
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (withdraw.isPending) return
        withdraw.reset()
        setOpen(next)
      }}
    >
      <AlertDialog.Trigger asChild>
        <Button aria-label={text.withdrawLabel(title)}>{text.withdraw}</Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <div className={styles.backdrop}>
          <AlertDialog.Content className={styles.dialog}>
            <AlertDialog.Title className={styles.title}>{text.dialogTitle(title)}</AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div className={styles.text}>
                <p>{text.dialogStops}</p>
                <p>
                  <strong>{text.dialogCannot}</strong>
                </p>
                <p>{text.dialogKeeps}</p>
              </div>
            </AlertDialog.Description>
            {error?.code === 'WALLET_REJECTED' ? <Notice tone="calm" title={text.rejected} /> : null}
            {error && error.code !== 'WALLET_REJECTED' ? (
              <Notice tone="trouble" title={text.withdrawFailed}>
                {error.message}
              </Notice>
            ) : null}
            <div className={styles.actions}>
              <AlertDialog.Cancel asChild>
                <Button busy={withdraw.isPending}>{text.dialogKeep}</Button>
              </AlertDialog.Cancel>
              <Button look="danger" busy={withdraw.isPending} onClick={confirm}>
                {withdraw.isPending ? text.dialogBusy : text.dialogConfirm}
              </Button>
            </div>
          </AlertDialog.Content>
        </div>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
