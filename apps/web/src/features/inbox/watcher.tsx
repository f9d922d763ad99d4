import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { setTitleBadge } from '../../lib/title.js'
import { notice as text } from './group.messages.js'
import { fresh, notify, remember } from './notices.js'
import { useWaiting } from './waiting.queries.js'

type Badging = Navigator & {
  setAppBadge?: (count: number) => Promise<void>
  clearAppBadge?: () => Promise<void>
}

/**
 * Tells of requests that wait for an answer, wherever in the app one is: by a number in the tab's title and on the app's
 * icon, and by a notification of the browser where its person allowed that. Shows nothing itself.
 */
export function InboxWatcher({ owner }: { owner: string }) {
  const [, navigate] = useLocation()
  const waiting = useWaiting(owner)
  const count = waiting.data?.length ?? 0
  const go = useRef(navigate)
  go.current = navigate

  useEffect(() => {
    setTitleBadge(count)
    const { setAppBadge, clearAppBadge } = navigator as Badging
    const done = count > 0 ? setAppBadge?.call(navigator, count) : clearAppBadge?.call(navigator)
    void done?.catch(() => {}) // only an installed app has a badge
    return () => {
      setTitleBadge(0)
    }
  }, [count])

  useEffect(() => {
    if (!waiting.data) return
    const ids = waiting.data.map(({ request, dataset }) => `${request.id} ${dataset}`)
    const news = fresh(owner, ids)
    remember(owner, ids)
    if (news.length === 0) return
    notify(text.title(news.length), text.body, news.join(' '), () => {
      window.focus()
      go.current('/inbox')
    })
  }, [waiting.data, owner])
  return null
}
