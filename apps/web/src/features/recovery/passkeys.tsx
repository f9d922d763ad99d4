import { useId, useState } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import type { Wallet } from '../../wallet/wallet.js'
import { passkeys as text } from './passkey.messages.js'
import {
  leaveCopy,
  passkeyRun,
  useBackups,
  useIdentity,
  useKeyChange,
  usePasskeyLack,
  usePasskeys,
} from './passkey.queries.js'
import { PasskeyCard } from './passkey-card.js'
import { PasskeyLack } from './passkey-lack.js'
import { PasskeyTrouble } from './passkey-trouble.js'
import styles from './recovery.module.css'
import { UnlockWithPasskey } from './unlock.js'

/** Keeping the key of this browser with a passkey, and the passkeys that there are. */
export function Passkeys({ wallet }: { wallet: Wallet }) {
  const lack = usePasskeyLack()
  const identity = useIdentity(wallet)
  const known = usePasskeys(wallet)
  const backups = useBackups(wallet)
  const [said, setSaid] = useState('')
  const unlocked = known?.filter(({ here }) => here !== null) ?? []
  return (
    <section aria-labelledby="passkey" className={styles.passkeys}>
      <h3 id="passkey">{text.title}</h3>
      <p>{text.explain}</p>
      {lack.data ? <PasskeyLack lack={lack.data} /> : null}
      {backups.isError ? <p className={styles.failed}>{text.serverSilent}</p> : null}
      {said === '' ? null : <Notice tone="good" title={said} />}
      {unlocked.map((passkey) => (
        <PasskeyCard
          key={passkey.file.credential}
          passkey={passkey}
          wallet={wallet}
          usable={lack.data === null}
          onSaid={setSaid}
        />
      ))}
      {lack.data === null && identity.data ? (
        <KeepWithPasskey
          wallet={wallet}
          another={unlocked.length > 0}
          onKept={() => setSaid(text.kept)}
          onBegun={() => setSaid('')}
        />
      ) : null}
      <UnlockWithPasskey wallet={wallet} />
      <p className={styles.help}>{text.who}</p>
    </section>
  )
}

/** Makes a passkey and seals the key to it. A passkey that was made, but not used yet, is used the next time. */
function KeepWithPasskey({
  wallet,
  another,
  onKept,
  onBegun,
}: {
  wallet: Wallet
  another: boolean
  onKept: () => void
  onBegun: () => void
}) {
  const [made, setMade] = useState<string | null>(null)
  const [copy, setCopy] = useState(true)
  const note = useId()
  const keep = useKeyChange(async () => {
    onBegun()
    const { newPasskey, sealKeys } = await passkeyRun()
    const credential = made ?? (await newPasskey(wallet.address))
    setMade(credential)
    const { file } = await sealKeys(wallet.address, credential)
    setMade(null)
    onKept()
    // That the key is kept stays true when there is no copy; the card tells which copies there are.
    if (copy) await leaveCopy(wallet, file).catch((cause) => setRefusal(cause))
  })
  const [refusal, setRefusal] = useState<unknown>(null)
  return (
    <>
      <label className={styles.option}>
        <input
          type="checkbox"
          checked={copy}
          disabled={keep.isPending}
          aria-describedby={note}
          onChange={({ target }) => setCopy(target.checked)}
        />
        <span>{text.copy}</span>
      </label>
      <p className={styles.help} id={note}>
        {text.copyNote}
      </p>
      <Button
        busy={keep.isPending}
        onClick={() => {
          setRefusal(null)
          keep.mutate(undefined)
        }}
      >
        {made ? text.goOn : another ? text.keepAnother : text.keep}
      </Button>
      <p className={styles.help}>{made ? text.goOnHelp : text.keepHelp}</p>
      {keep.isPending ? <p role="status">{text.waiting}</p> : null}
      <PasskeyTrouble error={keep.error} title={made ? text.notSealed : text.notMade} />
      <PasskeyTrouble error={refusal} title={text.noCopy} />
    </>
  )
}
