import { useRef } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { bytes } from '../../lib/format.js'
import styles from './contribute.module.css'
import type { Chosen } from './draft.js'
import { type Found, fromPicker, GATHER_LIMITS, type LeftOut, pickFiles } from './gather.js'
import { gather as leftText, contribute as text } from './messages.js'
import { Paged } from './paged.js'

/**
 * Pickers of files and folders. They are ordinary file fields under buttons, so they work by keyboard and by voice;
 * dropping and pasting work anywhere on the page (`everywhere.tsx`).
 */
export function FileChoice({
  files,
  left,
  onAdd,
  onRemove,
}: {
  files: readonly Chosen[]
  left: LeftOut
  onAdd: (found: Found[]) => void
  onRemove: (keys: readonly string[]) => void
}) {
  return (
    <>
      <div className={styles.drop}>
        <span className={styles.dropWords}>
          <strong>{text.drop}</strong> {text.or}
        </span>
        <Picker onAdd={onAdd} label={files.length > 0 ? text.chooseMore : text.choose} />
        <Picker folder onAdd={onAdd} label={text.chooseFolder} />
      </div>
      <Left left={left} />
      {files.length > 0 ? (
        <>
          <p className={styles.sum}>
            <span>
              {text.chosen(files.length, bytes(files.reduce((sum, { file }) => sum + file.size, 0)))}
            </span>
            {files.length > 1 ? (
              <Button look="quiet" onClick={() => onRemove(files.map(({ key }) => key))}>
                {text.removeAll}
              </Button>
            ) : null}
          </p>
          <Paged of={files} className={styles.chosen!}>
            {({ key, file }) => (
              <li key={key}>
                <span className={styles.fileName}>{key.slice(0, key.lastIndexOf(`/${file.size}/`))}</span>
                <span className={styles.fileSize}>{file.size === 0 ? text.empty : bytes(file.size)}</span>
                <Button look="quiet" aria-label={text.removeFile(file.name)} onClick={() => onRemove([key])}>
                  {text.remove}
                </Button>
              </li>
            )}
          </Paged>
        </>
      ) : null}
    </>
  )
}

function Picker({
  folder = false,
  label,
  onAdd,
}: {
  folder?: boolean
  label: string
  onAdd: (found: Found[]) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  const choose = async () => {
    const found = folder ? null : await pickFiles()
    if (found === null) field.current?.click()
    else onAdd(found)
  }
  return (
    <>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        webkitdirectory={folder ? '' : undefined}
        data-testid={folder ? 'folder' : 'files'}
        onChange={(event) => {
          onAdd(fromPicker(event.target.files ?? []))
          event.target.value = ''
        }}
      />
      <Button onClick={choose}>{label}</Button>
    </>
  )
}

/** What was not taken, and why. */
function Left({ left }: { left: LeftOut }) {
  const said = [
    left.tooMany > 0 ? leftText.tooMany(left.tooMany, GATHER_LIMITS.files) : null,
    left.unreadable > 0 ? leftText.unreadable(left.unreadable) : null,
    left.hidden > 0 ? leftText.hidden(left.hidden) : null,
    left.duplicate > 0 ? leftText.duplicate(left.duplicate) : null,
  ].filter((line) => line !== null)
  if (said.length === 0) return null
  return (
    <div className={styles.left}>
      <Notice tone={left.tooMany + left.unreadable > 0 ? 'trouble' : 'calm'} title={leftText.title}>
        <ul>
          {said.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}

declare module 'react' {
  interface InputHTMLAttributes<T> {
    /** The field takes a folder and all files in it. */
    webkitdirectory?: T extends HTMLInputElement ? string | undefined : never
  }
}
