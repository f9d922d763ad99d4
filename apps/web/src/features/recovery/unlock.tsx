import type { PasskeyFile } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { FileButton } from '../../components/file-button.js'
import { Notice } from '../../components/notice.js'
import { day } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { passkeys as text } from './passkey.messages.js'
import { passkeyRun, useKeyChange, usePasskeyLack, usePasskeys } from './passkey.queries.js'
import { PasskeyLack } from './passkey-lack.js'
import { PasskeyTrouble } from './passkey-trouble.js'
import styles from './recovery.module.css'

/** A passkey file is 16 KiB and a little; anything this large is something else. */
const MOST_BYTES = 65_536

/**
 * Gets the key back into this browser: by the passkeys whose sealed files the server has, or by a file. With `lacking` it
 * says why where passkeys do not work.
 */
export function UnlockWithPasskey({
  wallet,
  lacking = false,
  onLoaded,
}: {
  wallet: Wallet
  lacking?: boolean
  onLoaded?: () => void
}) {
  const lack = usePasskeyLack()
  const known = usePasskeys(wallet) ?? []
  const [loaded, setLoaded] = useState<PasskeyFile | null>(null)
  const unlock = useKeyChange(async (file: PasskeyFile) => {
    const added = await (await passkeyRun()).unlockKeys(wallet.address, file)
    setLoaded(null)
    onLoaded?.()
    return added
  })
  const load = useKeyChange(async (file: File) => {
    unlock.reset()
    const run = await passkeyRun()
    const read = run.readPasskeyFile(await file.slice(0, MOST_BYTES).text())
    run.checkFits(wallet.address, read)
    setLoaded(read)
  })
  if (lack.data) return lacking ? <PasskeyLack lack={lack.data} /> : null
  const waiting = known.filter(({ here }) => here === null).map(({ file }) => file)
  const files = loaded
    ? [loaded, ...waiting.filter(({ credential }) => credential !== loaded.credential)]
    : waiting
  return (
    <div className={styles.load}>
      <div className={styles.buttons}>
        {files.map((file) => (
          <Button
            key={file.credential}
            busy={unlock.isPending}
            onClick={() => {
              load.reset()
              unlock.mutate(file)
            }}
          >
            {files.length === 1 ? text.unlock : text.unlockOf(day(file.created))}
          </Button>
        ))}
        <FileButton
          accept=".json,application/json"
          busy={load.isPending}
          name="passkey-file"
          onFile={(file) => {
            setLoaded(null)
            load.mutate(file)
          }}
        >
          {text.loadFile}
        </FileButton>
      </div>
      {loaded && !unlock.isPending ? <p role="status">{text.fileLoaded}</p> : null}
      {unlock.isPending ? <p role="status">{text.waiting}</p> : null}
      {unlock.isSuccess ? (
        <Notice
          tone={unlock.data > 0 ? 'good' : 'calm'}
          title={unlock.data > 0 ? text.unlocked : text.unlockedAlready}
        />
      ) : null}
      <PasskeyTrouble error={unlock.error} title={text.notUnlocked} />
      <PasskeyTrouble error={load.error} title={text.notLoaded} />
    </div>
  )
}
