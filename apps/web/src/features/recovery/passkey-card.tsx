import { useQuery } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { day } from '../../lib/format.js'
import { saveBlob } from '../../lib/save.js'
import type { Wallet } from '../../wallet/wallet.js'
import { passkeys as text } from './passkey.messages.js'
import {
  type KnownPasskey,
  leaveCopy,
  passkeyRun,
  useBackups,
  useIdentity,
  useKeyChange,
} from './passkey.queries.js'
import { PasskeyTrouble } from './passkey-trouble.js'
import styles from './recovery.module.css'
import { RemovePasskey } from './remove-passkey.js'

/** One passkey that keeps this browser's key: what is in it, where copies are, and what to do with them. */
export function PasskeyCard({
  passkey,
  wallet,
  usable,
  onSaid,
}: {
  passkey: KnownPasskey
  wallet: Wallet
  /** Whether passkeys can be used on this page. */
  usable: boolean
  onSaid: (said: string) => void
}) {
  const { file, here, backup } = passkey
  const identity = useIdentity(wallet)
  const backups = useBackups(wallet)
  const behind = useQuery({
    queryKey: ['passkeys', 'behind', file.credential, here?.holds, identity.data?.others],
    queryFn: async () => (here && identity.data ? (await passkeyRun()).isBehind(here, identity.data) : false),
    enabled: identity.data !== undefined,
  })
  const renew = useKeyChange(async () => {
    const renewed = await (await passkeyRun()).sealKeys(wallet.address, file.credential)
    onSaid(text.renewed)
    if (backup) await leaveCopy(wallet, renewed.file)
  })
  const send = useKeyChange(async () => {
    await leaveCopy(wallet, file)
    onSaid(text.copied)
  })
  const save = () =>
    saveBlob(
      text.fileName(wallet.address),
      new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }),
    )
  const copy = !backup ? 'none' : backup.file.sealed === file.sealed ? 'same' : 'older'
  const date = day(file.created)
  return (
    <div className={styles.card}>
      <p className={styles.saved}>{text.keptOn(date)}</p>
      {backups.data ? <p>{text.copies[copy]}</p> : null}
      {usable && behind.data ? (
        <Notice
          tone="attention"
          title={text.behind}
          action={
            <Button busy={renew.isPending} onClick={() => renew.mutate(undefined)}>
              {text.renew}
            </Button>
          }
        >
          {text.behindText}
        </Notice>
      ) : null}
      <div className={styles.buttons}>
        <Button onClick={save}>{text.save}</Button>
        {backups.data && copy !== 'same' ? (
          <Button busy={send.isPending} onClick={() => send.mutate(undefined)}>
            {text.leave}
          </Button>
        ) : null}
        <RemovePasskey passkey={passkey} wallet={wallet} onRemoved={() => onSaid(text.removed)} />
      </div>
      <PasskeyTrouble error={renew.error} title={text.notSealed} />
      <PasskeyTrouble error={send.error} title={text.noCopy} />
    </div>
  )
}
