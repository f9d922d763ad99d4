// The page's content security policy lets no text become script: not by innerHTML and its like, not by an address
// (Trusted Types). What this app itself loads in such a way are its workers.

interface PolicyFactory {
  createPolicy(name: 'default', rules: { createScriptURL(url: string): string | null }): unknown
}

/** The address, if it is a file of this very build; else nothing, and the browser refuses. */
export function ownScript(url: string, base: string): string | null {
  const { origin, pathname, search, hash, username, password } = new URL(url, base)
  const isOwn = origin === new URL(base).origin && /^\/assets\/[\w.-]+\.js$/.test(pathname)
  return isOwn && search + hash + username + password === '' ? url : null
}

/** Must run before anything else of the app. */
export function allowOwnWorkers(): void {
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory }
  trustedTypes?.createPolicy('default', { createScriptURL: (url) => ownScript(url, location.href) })
}
