import type { ButtonHTMLAttributes } from 'react'
import styles from './button.module.css'

/** `main` is what to do next, once a view; `danger` cannot be undone; `plain` is everything else. */
export type Look = 'main' | 'plain' | 'danger' | 'quiet'

/** A button that stays in place and focusable while it is `busy`, and does nothing then. */
export function Button({
  look = 'plain',
  busy = false,
  className,
  onClick,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={[styles.button, styles[look], className].filter(Boolean).join(' ')}
    />
  )
}
