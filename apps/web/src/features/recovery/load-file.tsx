import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FileButton } from '../../components/file-button.js'
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
  const client = useQueryClient()
  const load = useMutation({
    mutationFn: async (file: File) => addRecoveryFile(wallet.address, await file.slice(0, MOST_BYTES).text()),
    onSuccess: () => onLoaded?.(),
    onSettled: () => client.invalidateQueries({ queryKey: ['identity'] }),
  })
  return (
    <div className={styles.load}>
      <FileButton accept=".txt,text/plain" busy={load.isPending} name="recovery-file" onFile={load.mutate}>
        {text.load}
      </FileButton>
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
