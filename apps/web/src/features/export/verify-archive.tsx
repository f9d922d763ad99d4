import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { granary } from '../../lib/sdk.js'
import { sameAddress, type Wallet } from '../../wallet/wallet.js'
import { archive as text } from './export.messages.js'
import styles from './export.module.css'

/** Reads an archive from this device, checks all of it, and holds it against the chain. */
export function VerifyArchive({ wallet }: { wallet: Wallet }) {
  const field = useRef<HTMLInputElement>(null)
  const check = useMutation({
    mutationFn: async (file: File) => (await granary(wallet)).verifyArchive(() => file.stream()),
  })
  const isMine = sameAddress(check.data?.header.account, wallet.address)
  return (
    <div className={styles.verify}>
      <input
        ref={field}
        type="file"
        accept=".tar,application/x-tar"
        hidden
        data-testid="archive"
        onChange={({ target }) => {
          const [file] = target.files ?? []
          target.value = ''
          if (file) check.mutate(file)
        }}
      />
      <Button busy={check.isPending} onClick={() => field.current?.click()}>
        {check.isPending ? text.verifying : text.verify}
      </Button>
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
