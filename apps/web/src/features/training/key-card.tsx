import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { FileButton } from '../../components/file-button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { codeOf } from '../../components/trouble.js'
import { saveBlob } from '../../lib/save.js'
import type { Wallet } from '../../wallet/wallet.js'
import { addKeyFile, keyFile, keysOf, makeKey, markSaved, type TrainingKey } from './key.js'
import { key as text } from './messages.js'
import styles from './training.module.css'

/** A key file is a few lines; anything this large is something else. */
const MOST_BYTES = 65_536

export function useKeys(wallet: Wallet) {
  return useQuery({ queryKey: ['training-keys', wallet.address], queryFn: () => keysOf(wallet.address) })
}

/** The key that requests are sealed to: made here, saved as a file, or loaded from one. */
export function KeyCard({ wallet }: { wallet: Wallet }) {
  const keys = useKeys(wallet)
  const client = useQueryClient()
  const settled = { onSettled: () => client.invalidateQueries({ queryKey: ['training-keys'] }) }
  const save = async (key: TrainingKey) => {
    const file = new Blob([await keyFile(key)], { type: 'text/plain' })
    saveBlob(text.fileName(key.recipient), file)
    await markSaved(key)
  }
  const saving = useMutation({ mutationFn: save, ...settled })
  const making = useMutation({
    mutationFn: async () => save(await makeKey(wallet.address)),
    ...settled,
  })
  const [current, ...older] = keys.data ?? []
  return (
    <section aria-labelledby="training-key" className={styles.key}>
      <h2 id="training-key">{text.title}</h2>
      {keys.isError ? <Notice tone="trouble" title={text.failed} /> : null}
      <p>{current ? text.have : text.none}</p>
      {current ? (
        <p className={lines.meta}>
          {text.public} <code data-testid="recipient">{current.recipient}</code>
          {older.length > 0 ? ` ${text.others(older.length)}` : ''}
        </p>
      ) : null}
      {current && current.saved === null ? (
        <Notice tone="attention" title={text.unsaved}>
          {text.unsavedText}
        </Notice>
      ) : null}
      <div className={styles.buttons}>
        {current ? (
          <Button busy={saving.isPending} onClick={() => saving.mutate(current)}>
            {text.save}
          </Button>
        ) : (
          <Button look="main" busy={making.isPending} onClick={() => making.mutate()}>
            {text.make}
          </Button>
        )}
        <LoadKey wallet={wallet} />
      </div>
    </section>
  )
}

/** Takes over a key file. It stays in this browser. */
export function LoadKey({ wallet }: { wallet: Wallet }) {
  const client = useQueryClient()
  const load = useMutation({
    mutationFn: async (file: File) => addKeyFile(wallet.address, await file.slice(0, MOST_BYTES).text()),
    onSettled: () => client.invalidateQueries({ queryKey: ['training-keys'] }),
  })
  return (
    <>
      <FileButton
        accept=".txt,.age,.key,text/plain"
        busy={load.isPending}
        name="key-file"
        onFile={load.mutate}
      >
        {text.load}
      </FileButton>
      {load.isSuccess ? (
        <Notice
          tone={load.data > 0 ? 'good' : 'calm'}
          title={load.data > 0 ? text.loaded : text.loadedAlready}
        />
      ) : null}
      {load.isError ? (
        <Notice tone="trouble" title={text.loadFailed}>
          {codeOf(load.error) === 'IDENTITY_INVALID' ? text.notOne : text.unreadable}
        </Notice>
      ) : null}
    </>
  )
}
