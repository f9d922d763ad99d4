import { useRef, useState } from 'react'
import { Button } from '../../components/button.js'
import { bytes } from '../../lib/format.js'
import styles from './contribute.module.css'
import type { Chosen } from './draft.js'
import { contribute as text } from './messages.js'

/** Drop zone and picker. The picker is an ordinary file field under a button, so it works by keyboard and by voice. */
export function FileChoice({
  files,
  onAdd,
  onRemove,
}: {
  files: readonly Chosen[]
  onAdd: (files: File[]) => void
  onRemove: (key: string) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a mouse; the button inside does the same for everybody */}
      <div
        className={`${styles.drop} ${over ? styles.over : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          onAdd([...event.dataTransfer.files])
        }}
      >
        <input
          ref={field}
          type="file"
          multiple
          hidden
          data-testid="files"
          onChange={(event) => {
            onAdd([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
        <span className={styles.dropWords}>
          <strong>{text.drop}</strong> {text.or}
        </span>
        <Button id="files" onClick={() => field.current?.click()}>
          {files.length > 0 ? text.chooseMore : text.choose}
        </Button>
      </div>
      {files.length > 0 ? (
        <ul className={styles.chosen}>
          {files.map(({ key, file }) => (
            <li key={key}>
              <span className={styles.fileName}>{file.name}</span>
              <span className={styles.fileSize}>{bytes(file.size)}</span>
              <Button look="quiet" aria-label={text.removeFile(file.name)} onClick={() => onRemove(key)}>
                {text.remove}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
