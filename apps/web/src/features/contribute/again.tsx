import { useState } from 'react'
import { Button } from '../../components/button.js'
import { FileButton } from '../../components/file-button.js'
import { unfinished as text } from './messages.js'
import { isSourceOf, type SpoolRecord } from './record.js'
import styles from './unfinished.module.css'

/**
 * The file of a contribution that was not sealed, once more: read again by its handle, which the browser asks for, or
 * chosen again, and in either case the one that it was.
 */
export function Again({
  record,
  busy,
  onAgain,
}: {
  record: SpoolRecord
  busy: boolean
  onAgain: (file: File, handle: FileSystemFileHandle | null) => void
}) {
  const [fault, setFault] = useState<string | null>(null)
  const { name, handle } = record.file!
  const take = (file: File, by: FileSystemFileHandle | null) => {
    if (isSourceOf(file, record)) onAgain(file, by)
    else setFault(text.another(name))
  }
  const goOn = async (from: FileSystemFileHandle) => {
    try {
      if (await mayRead(from)) take(await from.getFile(), from)
      else setFault(text.denied)
    } catch {
      setFault(text.gone(name))
    }
  }
  const isLost = handle === null || fault === text.gone(name)
  return (
    <>
      {isLost ? (
        <FileButton
          name={`again-${record.name}`}
          busy={busy}
          label={text.chooseLabel(name)}
          onFile={(file) => take(file, null)}
        >
          {text.choose}
        </FileButton>
      ) : (
        <Button busy={busy} aria-label={text.goOnLabel(record.order.title)} onClick={() => goOn(handle)}>
          {text.goOn}
        </Button>
      )}
      {fault === null ? null : (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
    </>
  )
}

/** Asks the browser, which asks its person. Call it right after a click. */
async function mayRead(handle: FileSystemFileHandle): Promise<boolean> {
  type Asking = { requestPermission?(how: { mode: 'read' }): Promise<PermissionState> }
  const { requestPermission } = handle as Asking
  return !requestPermission || (await requestPermission.call(handle, { mode: 'read' })) === 'granted'
}
