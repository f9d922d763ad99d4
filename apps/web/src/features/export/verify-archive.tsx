import { useMutation } from '@tanstack/react-query'
import { FileButton } from '../../components/file-button.js'
import { Notice } from '../../components/notice.js'
import { granary } from '../../lib/sdk.js'
import { sameAddress, type Wallet } from '../../wallet/wallet.js'
import { archive as text } from './export.messages.js'
import styles from './export.module.css'

/** Reads an archive from this device, checks all of it, and holds it against the chain. */
export function VerifyArchive({ wallet }: { wallet: Wallet }) {
  const check = useMutation({
    mutationFn: async (file: File) => (await granary(wallet)).verifyArchive(() => file.stream()),
  })
  const isMine = sameAddress(check.data?.header.account, wallet.address)
  return (
    <div className={styles.verify}>
      <FileButton accept=".tar,application/x-tar" busy={check.isPending} name="archive" onFile={check.mutate}>
        {check.isPending ? text.verifying : text.verify}
      </FileButton>
      <p className={styles.note}>{text.verifyHelp}</p>
      {check.isSuccess ? (
        <Notice
          tone={isMine ? 'good' : 'attention'}
          title={isMine ? text.whole(check.data.datasets.length) : text.notYours}
        />
      ) : null}
      {check.isError ? (
        <Notice tone="trouble" title={text.broken}>
          {check.error.message}
        </Notice>
      ) : null}
    </div>
  )
}
