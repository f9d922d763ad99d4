import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { keptIdentity, recoveryText } from '../recovery/identity.js'
import { archive as text } from './export.messages.js'
import styles from './export.module.css'
import { targetFor, toDisk } from './export.target.js'
import { VerifyArchive } from './verify-archive.js'

interface Progress {
  name: string
  done: number
  total: number
}

/** Everything that the account owns, as one archive, written as it arrives; and a look at one that was written before. */
export function Export({ wallet }: { wallet: Wallet }) {
  const identity = useQuery({
    queryKey: ['identity', wallet.address],
    queryFn: () => keptIdentity(wallet.address),
  })
  const [withKey, setWithKey] = useState(false)
  const [progress, setProgress] = useState<Progress | null>(null)
  const cancel = useRef<AbortController | null>(null)
  const run = useMutation({
    mutationFn: async () => {
      const date = new Date().toISOString().slice(0, 10)
      const target = await targetFor(text.fileName(wallet.address, date))
      const controller = new AbortController()
      cancel.current = controller
      setProgress(null)
      try {
        const kept = withKey ? await keptIdentity(wallet.address) : null
        const key = kept
          ? { bytes: new TextEncoder().encode(await recoveryText(kept)), sealed: false }
          : undefined
        const { signal } = controller
        const done = await signing(async () =>
          (await granary(wallet)).export({
            sink: target.sink,
            signal,
            onProgress: setProgress,
            ...(key ? { key } : {}),
          }),
        )
        signal.throwIfAborted()
        await target.commit()
        return done
      } catch (error) {
        await target.discard()
        throw error
      } finally {
        cancel.current = null
      }
    },
  })
  return (
    <section aria-labelledby="export" className={styles.export}>
      <h2 id="export">{text.title}</h2>
      <p className={styles.soft}>{text.lead}</p>
      {identity.data ? (
        <label className={styles.option}>
          <input
            type="checkbox"
            checked={withKey}
            disabled={run.isPending}
            onChange={({ target }) => setWithKey(target.checked)}
          />
          <span>
            {text.key}
            <span className={styles.note}>{text.keyNote}</span>
          </span>
        </label>
      ) : (
        <p className={styles.note}>{text.noKey}</p>
      )}
      {run.isPending ? (
        <div className={styles.progress}>
          <p role="status">
            {progress ? text.running(progress.name, progress.done, progress.total) : text.preparing}
          </p>
          <progress max={progress?.total ?? 1} value={progress?.done} aria-label={text.title} />
          <Button onClick={() => cancel.current?.abort()}>{text.cancel}</Button>
        </div>
      ) : (
        <>
          <Button onClick={() => run.mutate()}>{run.isSuccess ? text.again : text.start}</Button>
          <p className={styles.note}>{toDisk() ? text.toDisk : text.inBrowser}</p>
        </>
      )}
      {run.isSuccess ? (
        <Notice tone="good" title={text.done(run.data.datasets, run.data.settlements)}>
          {run.data.absent.length > 0 ? text.absent(run.data.absent.length) : null}
        </Notice>
      ) : null}
      {run.isError ? <Stopped error={run.error} /> : null}
      <VerifyArchive wallet={wallet} />
    </section>
  )
}

function Stopped({ error }: { error: Error }) {
  if (error.name === 'AbortError') return <Notice tone="calm" title={text.cancelled} />
  return (
    <Notice tone="trouble" title={text.failed}>
      {error.name === 'QuotaExceededError' ? text.room : error.message}
    </Notice>
  )
}
