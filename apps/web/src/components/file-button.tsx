import { type ReactNode, useRef } from 'react'
import { Button } from './button.js'

interface FileButtonProps {
  /** endings and media types, as of an input element; any file where it is left out */
  accept?: string
  busy: boolean
  /** what tests call the input */
  name: string
  onFile: (file: File) => void
  /** says more than the words on it */
  label?: string
  children: ReactNode
}

/** A button that asks for one file of this device. The same one may be chosen again. */
export function FileButton({ accept, busy, name, onFile, label, children }: FileButtonProps) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={field}
        type="file"
        accept={accept}
        hidden
        data-testid={name}
        onChange={({ target }) => {
          const [file] = target.files ?? []
          target.value = ''
          if (file) onFile(file)
        }}
      />
      <Button busy={busy} aria-label={label} onClick={() => field.current?.click()}>
        {children}
      </Button>
    </>
  )
}
