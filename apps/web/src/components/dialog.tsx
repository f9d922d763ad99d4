import { Dialog as Radix } from 'radix-ui'
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react'
import styles from './dialog.module.css'

/** One may open over another. */
let openDialogs = 0

/**
 * What opens by itself is read from its beginning, so that no key that was meant for something else answers it, and gives
 * the focus back to where it was.
 */
function useOwnFocus() {
  const before = useRef<Element | null>(null)
  return {
    tabIndex: -1,
    onOpenAutoFocus: (event: Event) => {
      event.preventDefault()
      before.current = document.activeElement
      ;(event.currentTarget as HTMLElement | null)?.focus()
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      if (before.current instanceof HTMLElement) before.current.focus()
    },
  }
}

/**
 * A view over the page that keeps the focus until it is closed, and gives it back. `question`: what it asks has
 * consequences, so a click beside it is no answer. While `busy` it stays. The backdrop is an element of our own: Radix's
 * one writes a style element, which the page's content security policy refuses.
 */
export function Dialog({
  kind = 'form',
  open,
  onOpenChange,
  busy,
  trigger,
  title,
  description,
  children,
}: {
  kind?: 'form' | 'question'
  open: boolean
  onOpenChange: (open: boolean) => void
  busy: boolean
  /** What opens it and gets the focus back; none for what opens by itself. */
  trigger?: ReactElement
  title: string
  description: ReactNode
  children: ReactNode
}) {
  const ownFocus = useOwnFocus()
  // Radix hides the page behind from screen readers; this takes it out of reach for everybody.
  useEffect(() => {
    const page = document.getElementById('root')
    if (!page || !open) return
    openDialogs += 1
    page.inert = true
    return () => {
      openDialogs -= 1
      page.inert = openDialogs > 0
    }
  }, [open])
  return (
    <Radix.Root open={open} onOpenChange={(next) => !busy && onOpenChange(next)}>
      {trigger ? <Radix.Trigger asChild>{trigger}</Radix.Trigger> : null}
      <Radix.Portal>
        <div className={styles.backdrop}>
          <Radix.Content
            role={kind === 'question' ? 'alertdialog' : 'dialog'}
            className={`${styles.dialog} ${styles[kind]}`}
            onInteractOutside={(event) => event.preventDefault()}
            {...(trigger ? {} : ownFocus)}
          >
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <Radix.Description asChild>
              <div className={styles.text}>{description}</div>
            </Radix.Description>
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The row of buttons at the foot of a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>
}

/** Closes the dialog that it is in. */
export const DialogClose = Radix.Close
