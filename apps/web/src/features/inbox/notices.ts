// Notifications of the browser: shown by this page itself, by nobody's server, and only while it is open in some tab.

const seenKey = (owner: string) => `granary.inbox.seen.${owner.toLowerCase()}`

/** `unavailable`: this browser shows none for pages. */
export type Permission = 'granted' | 'denied' | 'default' | 'unavailable'

export function permission(): Permission {
  return 'Notification' in window ? Notification.permission : 'unavailable'
}

/** Asks for it; only after a click, or browsers say no by themselves. */
export async function askPermission(): Promise<Permission> {
  return 'Notification' in window ? Notification.requestPermission() : 'unavailable'
}

/** Those of `ids` that were not there before in this browser; none the first time that an account is here. */
export function fresh(owner: string, ids: readonly string[]): string[] {
  const kept = localStorage.getItem(seenKey(owner))
  if (kept === null) return []
  const seen = new Set(kept.split('\n'))
  return ids.filter((id) => !seen.has(id))
}

/** Other tabs of this browser need not tell of these again. */
export function remember(owner: string, ids: readonly string[]): void {
  localStorage.setItem(seenKey(owner), ids.join('\n'))
}

/** `tag`: two tabs that tell the same show it once. Nothing happens without permission. */
export function notify(title: string, body: string, tag: string, onClick: () => void): void {
  if (permission() !== 'granted') return
  try {
    const shown = new Notification(title, { body, tag })
    shown.onclick = () => {
      shown.close()
      onClick()
    }
  } catch {
    // Some phones take notifications from a service worker only; the number in the title is there all the same.
  }
}
