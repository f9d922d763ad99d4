// What the page may do depends on where it was opened.

/**
 * Whether the browser lets this page seal: Web Crypto, the origin private file system and wallets' signatures for a
 * named origin exist on https and on localhost only.
 */
export function canSeal(): boolean {
  return window.isSecureContext
}

/** The same page on this machine, for somebody who opened it by its network address. */
export function localAddress(): string {
  return `http://localhost${location.port ? `:${location.port}` : ''}/`
}

/** The domain that an EIP-4361 text names, without its scheme; null when it is not such a text. */
export function signInDomain(message: string): string | null {
  return /^(?:https?:\/\/)?(\S+) wants you to sign in with your Ethereum account:/.exec(message)?.[1] ?? null
}

/** The address that an EIP-4361 text was made for, when it is another one than this page's. */
export function otherAddress(message: string, here: Pick<Location, 'host' | 'protocol'>): string | null {
  const domain = signInDomain(message)
  if (domain === null || domain === here.host) return null
  const uri = /^URI: (https?:\/\/\S+)$/m.exec(message)?.[1]
  return uri ?? `${here.protocol}//${domain}/`
}
