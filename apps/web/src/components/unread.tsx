import type { ReactNode } from 'react'
import lines from './lines.module.css'
import { unread as text } from './messages.js'
import { Notice } from './notice.js'

/** Says that something cannot be read now or, where what was read before is still shown, that it may be old. */
export function Unread({
  query,
  title,
  children,
}: {
  query: { isError: boolean; data: unknown }
  title: string
  children?: ReactNode
}) {
  if (!query.isError) return null
  if (query.data !== undefined) {
    return (
      <p className={lines.soft} role="status">
        {text.old}
      </p>
    )
  }
  return (
    <Notice tone="trouble" title={title}>
      {children}
    </Notice>
  )
}
