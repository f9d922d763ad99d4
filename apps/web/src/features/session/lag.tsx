import type { NetworkResource } from '@granary/protocol'
import { Notice } from '../../components/notice.js'
import { age } from '../../lib/format.js'
import { network as text } from './messages.js'

/** From how many seconds behind the chain on the page says so: less is what a slow block or two takes. */
export const STALE_SECONDS = 30

/** Whether what the page shows is older than people would take it for. */
export function isStale({ behindSeconds }: NetworkResource['head']): boolean {
  return behindSeconds !== undefined && (behindSeconds === null || behindSeconds > STALE_SECONDS)
}

/** Says how old the API's view of the chain is, while it is. */
export function Lag({ head }: { head: NetworkResource['head'] }) {
  if (!isStale(head)) return null
  const { behindSeconds, unreadSeconds } = head
  const isReached = typeof unreadSeconds === 'number' && unreadSeconds <= STALE_SECONDS
  return (
    <Notice
      tone="attention"
      title={typeof behindSeconds === 'number' ? text.staleTitle(age(behindSeconds)) : text.unreadTitle}
    >
      {isReached ? text.staleReached : text.staleUnreached}
    </Notice>
  )
}
