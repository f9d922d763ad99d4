import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { findings } from '../support/accessibility.js'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { addAuthenticator, passkeyCopies } from '../support/passkey.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { goTo, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// Where a browser, a device or an address has no use for passkeys, the page says so and promises nothing.

let world: World
let browser: Browser
let pool: number

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
})
afterAll(async () => {
  await browser?.close()
  world?.close()
})

const section = (on: Page) => on.getByRole('region', { name: 'Passkey' })
const button = (name: string, on: Page) => on.getByRole('button', { name, exact: true })
const told = (code: string, on: Page) => on.locator(`[data-code=${code}]`)

describe('where passkeys do not work', () => {
  let elsewhere: SecondApi
  let anna: Actor

  beforeAll(async () => {
    elsewhere = await startSecondApi(world, { host: '127.0.0.1' })
    anna = await newContributor(world, 'Anna')
    await contributeBytes(anna, Buffer.from('oats'), {
      pool,
      purposes: ['evaluation'],
      expires: null,
      name: 'oats',
    })
  }, 240_000)
  afterAll(() => elsewhere?.end(), 60_000)

  /** Anna's page of that kind, with her key in it. */
  async function opened(url: string, before: (other: Page) => Promise<unknown>) {
    const other = await openPage(browser)
    await before(other)
    const wallet = await injectWallet(other, { wallet: anna.wallet, rpc: world.rpc })
    await signIn(other, url, wallet)
    const recovery = { name: 'r.txt', mimeType: 'text/plain', buffer: Buffer.from(anna.identity) }
    await other.getByTestId('recovery-file').setInputFiles(recovery)
    await other.getByText('can now be opened in this browser').waitFor()
    await goTo(other, 'My data')
    return other
  }

  it.each([
    ['by a number', 'address', 'Open it by its name', () => elsewhere.api, async () => {}],
    [
      'by a browser without passkeys',
      'none',
      'This browser has no passkeys',
      () => world.api,
      (other: Page) => other.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential')),
    ],
    [
      'by a browser that cannot seal with them',
      'prf',
      'cannot seal with them',
      () => world.api,
      (other: Page) =>
        other.addInitScript(() => {
          const capabilities = async () => ({ 'extension:prf': false })
          if ('PublicKeyCredential' in window)
            Object.assign(PublicKeyCredential, { getClientCapabilities: capabilities })
        }),
    ],
  ] as const)(
    'opened %s, the page says what to do and has no button for it',
    async (_, lack, said, url, before) => {
      const other = await opened(url(), before)
      await section(other).locator(`[data-lack=${lack}]`).getByText(said).waitFor()
      await button('Keep with a passkey', other).first().waitFor({ state: 'detached' })
      await button('Use a passkey file', other).first().waitFor({ state: 'detached' })
      if (lack === 'address') {
        const name = new URL(elsewhere.api)
        name.hostname = 'localhost'
        const link = section(other).getByRole('link', { name: `Open it as ${name.host}` })
        expect(await link.getAttribute('href')).toBe(`${name.origin}/data`)
      }
      expect(await findings(other)).toEqual([])
      expect(other.faults).toEqual([])
      await other.context().close()
    },
    240_000,
  )

  it('in an authenticator that does not know its person, nothing is made', async () => {
    const other = await opened(world.api, (other) => addAuthenticator(other, { isUserVerified: false }))
    await button('Keep with a passkey', other).click()
    await told('PASSKEY_CANCELLED', other).getByText('The passkey was not used').waitFor()
    expect(await passkeyCopies(other)).toEqual([])
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)

  it('in an authenticator without PRF, nothing is kept, and the page says why', async () => {
    const other = await opened(world.api, (other) => addAuthenticator(other, { hasPrf: false }))
    await button('Keep with a passkey', other).click()
    await told('PASSKEY_WITHOUT_PRF', other).getByText('it lacks the extension called PRF').waitFor()
    await other
      .getByText(/^Kept with a passkey on/)
      .first()
      .waitFor({ state: 'detached' })
    expect(await passkeyCopies(other)).toEqual([])
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)
})
