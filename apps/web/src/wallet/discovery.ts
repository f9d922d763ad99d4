// EIP-6963: wallets announce themselves by events, so several can live in one browser without a fight.
import type { Eip1193 } from './injected.js'

/** What a wallet says of itself. `icon` is a data URI by the standard; others are not shown. */
export interface Announced {
  info: { uuid: string; name: string; icon: string; rdns: string }
  provider: Eip1193
}

let found: readonly Announced[] = []
const listeners = new Set<() => void>()
let listening = false

function announced(event: Event): void {
  const detail = (event as CustomEvent<Announced>).detail
  if (!isWhole(detail)) return
  if (found.some((wallet) => wallet.info.uuid === detail.info.uuid)) return
  found = [...found, detail]
  for (const listener of listeners) listener()
}

/** Anything in the browser can send such an event: what could not be shown or asked is none. */
function isWhole(detail: Partial<Announced> | null): boolean {
  const { uuid, name, rdns }: Partial<Announced['info']> = detail?.info ?? {}
  const words: unknown[] = [uuid, name, rdns]
  return (
    words.every((word) => typeof word === 'string' && word.trim() !== '') &&
    typeof detail?.provider?.request === 'function'
  )
}

/** For useSyncExternalStore: starts the search on the first call. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!listening) {
    listening = true
    window.addEventListener('eip6963:announceProvider', announced)
    window.dispatchEvent(new Event('eip6963:requestProvider'))
  }
  return () => listeners.delete(listener)
}

/** The wallets that have announced themselves so far. The array changes only when one comes. */
export function wallets(): readonly Announced[] {
  return found
}

/** A wallet's icon, if it is the data URI of an image that the standard asks for. */
export function icon(wallet: Announced): string | null {
  return /^data:image\/(svg\+xml|png|webp|gif|jpeg)[;,]/.test(wallet.info.icon) ? wallet.info.icon : null
}
