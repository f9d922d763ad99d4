import { type Address, MAX_PASSKEY_SEALED, type PasskeyBackups, type PasskeyFile } from '@granary/protocol'
import type { Page } from 'playwright-core'

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----\n'
const END = '-----END AGE ENCRYPTED FILE-----\n'

/** A passkey file that looks like one and opens with nothing, of `length` letters under a passkey of its own by `name`. */
export function passkeyFile(account: Address, { name = 'QPZRY9', length = 600 } = {}): PasskeyFile {
  const room = length - BEGIN.length - END.length
  const lines = `${'A'.repeat(64)}\n`.repeat(Math.floor(room / 65))
  const rest = room - lines.length
  // A line is at least a letter and its end.
  const sealed =
    rest === 1
      ? `${lines.slice(0, -2)}\nA\n`
      : `${lines}${'A'.repeat(Math.max(rest - 1, 0))}${rest ? '\n' : ''}`
  return {
    version: 'granary/passkey/v1',
    account,
    credential: `AGE-PLUGIN-FIDO2PRF-1${name}`,
    created: new Date().toISOString(),
    sealed: `${BEGIN}${sealed}${END}`,
  }
}

/** The same, as long as it may be. */
export const longestPasskeyFile = (account: Address) => passkeyFile(account, { length: MAX_PASSKEY_SEALED })

/** An authenticator of Chromium's own in a page, which nobody has to touch. It goes with the page. */
export interface Authenticator {
  /**
   * Whether its person confirms what it asks on the page that is open now. Chromium's own goes on refusing for good once it
   * was told to, so a no is said in its place, as the browser says it.
   */
  confirms(yes: boolean): Promise<void>
  /** How many passkeys it has. */
  passkeys(): Promise<number>
}

/** Puts one into a page, before or after it is opened. */
export async function addAuthenticator(
  page: Page,
  { hasPrf = true, isUserVerified = true } = {},
): Promise<Authenticator> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      hasPrf,
    },
  })
  return {
    confirms: (yes) =>
      page.evaluate((agreed) => {
        const { credentials } = navigator
        const no = async () => {
          throw new DOMException('The operation either timed out or was not allowed.', 'NotAllowedError')
        }
        if (!agreed) Object.assign(credentials, { create: no, get: no })
        else for (const name of ['create', 'get']) Reflect.deleteProperty(credentials, name)
      }, yes),
    passkeys: async () =>
      (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
  }
}

/** Clears all that a page's site keeps, as in a browser that was never there. Its authenticator stays: it is the device's. */
export async function clearSite(page: Page): Promise<void> {
  // Not detached: that would take the authenticator away, too.
  const devtools = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await page.goto('about:blank')
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await page.context().clearCookies()
}

/** What the server has of somebody, as the session of their page is told. */
export const passkeyCopies = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/v1/passkey-backups')).json()).items) as Promise<
    PasskeyBackups['items']
  >
