import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { codeOf } from '../../components/trouble.js'
import type { Wallet } from '../../wallet/wallet.js'
import { addRecoveryFile } from './identity.js'
import { recovery as text } from './messages.js'
import styles from './recovery.module.css'

/** An identity file is a few lines; anything this large is something else. */
const MOST_BYTES = 65_536

/** Adds the identity of another browser's recovery file to this one's. The file stays in this browser. */
export function LoadRecoveryFile({ wallet, onLoaded }: { wallet: Wallet; onLoaded?: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const client = useQueryClient()
  const load = useMutation({
    mutationFn: async (file: File) => addRecoveryFile(wallet.address, await file.slice(0, MOST_BYTES).text()),
    onSuccess: () => onLoaded?.(),
    onSettled: () => client.invalidateQueries({ queryKey: ['identity'] }),
  })
  return (
    <div className={styles.load}>
      <input
        ref={field}
        type="file"
        accept=".txt,text/plain"
        hidden
        data-testid="recovery-file"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) load.mutate(file)
        }}
      />
      <Button busy={load.isPending} onClick={() => field.current?.click()}>
        {text.load}
      </Button>
      <p className={styles.help}>{text.loadHelp}</p>
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
    </div>
  )
}
