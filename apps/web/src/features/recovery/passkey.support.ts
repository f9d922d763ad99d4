// Whether a passkey can seal here at all, told before anybody presses a button for it.

/**
 * Why not: `address` = the page was opened by a number, and passkeys belong to names; `insecure` = neither https nor
 * localhost; `none` = the browser has no passkeys; `prf` = it has, but they cannot seal.
 */
export type Lack = 'address' | 'insecure' | 'none' | 'prf'

/** Null where it can, or where only trying will tell: whatever keeps a passkey may still lack PRF. */
export async function passkeyLack(): Promise<Lack | null> {
  if (!window.isSecureContext) return 'insecure'
  if (/^[\d.]+$|^\[/.test(location.hostname)) return 'address'
  if (!window.PublicKeyCredential || !navigator.credentials) return 'none'
  const { getClientCapabilities } = PublicKeyCredential as typeof PublicKeyCredential & {
    getClientCapabilities?: () => Promise<Record<string, boolean>>
  }
  // Browsers that do not tell are tried.
  const can = await getClientCapabilities?.call(PublicKeyCredential).catch(() => null)
  return can?.['extension:prf'] === false ? 'prf' : null
}

/** The same page by this machine's name; null where its name cannot be known. */
export function byName(): string | null {
  const { hostname, href } = location
  if (!/^127\.|^\[::1\]$/.test(hostname)) return null
  const url = new URL(href)
  url.hostname = 'localhost'
  return url.href
}

/** Has the browser tell whatever keeps the passkey that it is of no use any more. It may say no; nobody can tell. */
export async function disownPasskey(site: string, id: Uint8Array): Promise<void> {
  const { signalUnknownCredential } = PublicKeyCredential as typeof PublicKeyCredential & {
    signalUnknownCredential?: (told: { rpId: string; credentialId: string }) => Promise<void>
  }
  const credentialId = btoa(String.fromCharCode(...id))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
  await signalUnknownCredential?.call(PublicKeyCredential, { rpId: site, credentialId }).catch(() => {})
}
