import type { DatasetResource } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Notice } from '../../components/notice.js'
import { codeOf, Trouble } from '../../components/trouble.js'
import { bytes } from '../../lib/format.js'
import { fileFor } from '../../lib/save.js'
import type { Wallet } from '../../wallet/wallet.js'
import { LoadRecoveryFile } from '../recovery/load-file.js'
import { UnlockWithPasskey } from '../recovery/unlock.js'
import { fileName } from './file-name.js'
import { open as text } from './messages.js'
import { openDataset, type Way } from './open.js'

/** Gives an owner the plaintext back: by this browser's key, a recovery file, or the custodians. */
export function OpenDataset({
  dataset,
  title,
  wallet,
  onOpened,
}: {
  dataset: DatasetResource
  title: string
  wallet: Wallet
  onOpened: (said: string) => void
}) {
  const [shown, setShown] = useState(false)
  const [done, setDone] = useState(0)
  const running = useRef<AbortController | null>(null)
  const size = dataset.metadata?.size ?? 0
  const name = fileName(title, dataset.metadata?.mediaType ?? '')
  const opening = useMutation({
    mutationFn: async (way: Way) => {
      const controller = new AbortController()
      running.current = controller
      setDone(0)
      const file = await fileFor(name, size)
      await openDataset(dataset, way, wallet, { name, file }, setDone, controller.signal)
    },
    onSuccess: () => {
      setShown(false)
      onOpened(text.done(name))
    },
  })
  const noKey = codeOf(opening.error) === 'IDENTITY_MISSING'
  const stopped = (opening.error as Error | null)?.name === 'AbortError'
  return (
    <Dialog
      open={shown}
      busy={opening.isPending}
      onOpenChange={(next) => {
        opening.reset()
        setShown(next)
      }}
      trigger={
        <Button look="quiet" aria-label={text.openLabel(title)}>
          {text.open}
        </Button>
      }
      title={text.title(title)}
      description={<p>{text.lead(name, bytes(size))}</p>}
    >
      {opening.isPending ? <p role="status">{doing(opening.variables, done, size)}</p> : null}
      {stopped ? <Notice tone="calm" title={text.stopped} /> : null}
      {noKey ? (
        <>
          <Notice tone="attention" title={text.noKeyTitle}>
            {text.noKey}
          </Notice>
          <LoadRecoveryFile wallet={wallet} onLoaded={() => opening.mutate('key')} />
          <UnlockWithPasskey wallet={wallet} lacking onLoaded={() => opening.mutate('key')} />
        </>
      ) : null}
      {opening.error && !noKey && !stopped ? (
        <Trouble error={opening.error} title={text.failed} rejected={text.rejected} />
      ) : null}
      <DialogActions>
        {opening.isPending ? (
          <Button onClick={() => running.current?.abort()}>{text.cancel}</Button>
        ) : (
          <DialogClose asChild>
            <Button>{text.close}</Button>
          </DialogClose>
        )}
        {noKey || opening.variables === 'custodians' ? (
          <Button look="main" busy={opening.isPending} onClick={() => opening.mutate('custodians')}>
            {text.byCustodians}
          </Button>
        ) : (
          <Button look="main" busy={opening.isPending} onClick={() => opening.mutate('key')}>
            {text.action}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}

function doing(way: Way | undefined, done: number, size: number): string {
  if (done > 0 && size > 0) return text.opening(Math.min(100, Math.floor((done / size) * 100)))
  return way === 'custodians' ? text.signing : text.working
}
