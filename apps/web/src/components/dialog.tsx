import { Dialog as Radix } from 'radix-ui'
import { type ReactElement, type ReactNode, useEffect } from 'react'
import styles from './dialog.module.css'

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
  trigger: ReactElement
  title: string
  description: ReactNode
  children: ReactNode
}) {
  // Radix hides the page behind from screen readers; this takes it out of reach for everybody.
  useEffect(() => {
    const page = document.getElementById('root')
    if (!page || !open) return
    page.inert = true
    return () => {
      page.inert = false
    }
  }, [open])
  return (
    <Radix.Root open={open} onOpenChange={(next) => !busy && onOpenChange(next)}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <div className={styles.backdrop}>
          <Radix.Content
            role={kind === 'question' ? 'alertdialog' : 'dialog'}
            className={`${styles.dialog} ${styles[kind]}`}
            onInteractOutside={(event) => event.preventDefault()}
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
