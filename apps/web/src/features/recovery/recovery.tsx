import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { day } from '../../lib/format.js'
import { saveBlob } from '../../lib/save.js'
import type { Wallet } from '../../wallet/wallet.js'
import { keptIdentity, markSaved, recoveryText } from './identity.js'
import { LoadRecoveryFile } from './load-file.js'
import { recovery as text } from './messages.js'
import { useIdentity, usePasskeys } from './passkey.queries.js'
import { Passkeys } from './passkeys.js'
import styles from './recovery.module.css'

function useSave(wallet: Wallet) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const kept = await keptIdentity(wallet.address)
      if (!kept) return
      saveBlob(text.fileName(kept.account), new Blob([await recoveryText(kept)], { type: 'text/plain' }))
      await markSaved(wallet.address)
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['identity'] }),
  })
}

/** A warning at the top of the page for as long as the recovery file was never saved. */
export function RecoveryWarning({ wallet }: { wallet: Wallet }) {
  const identity = useIdentity(wallet)
  const save = useSave(wallet)
  const passkeys = usePasskeys(wallet)
  if (!identity.data || identity.data.saved !== null || !passkeys) return null
  return (
    <Notice
      tone="attention"
      title={text.warnTitle}
      action={
        <Button look="main" busy={save.isPending} onClick={() => save.mutate()}>
          {text.save}
        </Button>
      }
    >
      {passkeys.some(({ here }) => here) ? text.warnPasskey : text.warn}
    </Notice>
  )
}

/** What the recovery file is for, and saving it again. */
export function Recovery({ wallet }: { wallet: Wallet }) {
  const identity = useIdentity(wallet)
  const save = useSave(wallet)
  const kept = identity.data
  return (
    <section aria-labelledby="recovery" className={styles.recovery}>
      <h2 id="recovery">{text.title}</h2>
      {identity.isError ? <p className={styles.failed}>{text.failed}</p> : null}
      <p>{kept ? text.explain : text.none}</p>
      {kept?.saved ? <p className={styles.saved}>{text.saved(day(kept.saved))}</p> : null}
      {kept ? (
        <Button busy={save.isPending} onClick={() => save.mutate()}>
          {kept.saved ? text.again : text.save}
        </Button>
      ) : null}
      <LoadRecoveryFile wallet={wallet} />
      <Passkeys wallet={wallet} />
    </section>
  )
}
