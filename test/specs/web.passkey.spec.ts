import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PasskeyFile } from '@granary/protocol'
import { parseIdentityFile } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Download, Locator, Page } from 'playwright-core'
import { findings, overflow, WCAG } from '../support/accessibility.js'
import { launchChromium } from '../support/chromium.js'
import { type Authenticator, addAuthenticator, clearSite, passkeyCopies } from '../support/passkey.js'
import { fillForm, goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'
import vectors from '../vectors/sealing.json' with { type: 'json' }

// Alice keeps the key of her browser with a passkey and gets it back in a browser that has nothing but that passkey.
// Chromium's virtual authenticator computes PRF, but does not hand its secret on: another browser with the same passkey is
// the same page after everything that the site keeps was cleared.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: InjectedWallet
let passkey: Authenticator
let pool: number

const LETTERS = { name: 'letters.txt', mimeType: 'text/plain', buffer: Buffer.from('dear diary') }

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
  page = await openPage(browser, { acceptDownloads: true })
  passkey = await addAuthenticator(page)
  alice = await injectWallet(page, { rpc: world.rpc })
  await signIn(page, world.api, alice)
  await fillForm(page, { files: [LETTERS], pool, purposes: ['evaluation'] })
  await page.getByRole('button', { name: 'Seal and contribute' }).click()
  await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
  await goTo(page, 'My data')
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

const button = (name: string, on: Page | Locator = page) => on.getByRole('button', { name, exact: true })
const told = (code: string, on: Page | Locator = page) => on.locator(`[data-code=${code}]`)

const copies = () => passkeyCopies(page)

async function saved(downloading: Promise<Download>): Promise<string> {
  return readFileSync(await (await downloading).path(), 'utf8')
}

/** A picture of what the page shows, for whoever asks for them. */
async function picture(name: string): Promise<void> {
  const folder = process.env.GRANARY_SCREENSHOTS
  if (folder) await page.screenshot({ path: join(folder, `passkey-${name}.png`), fullPage: true })
}

/** Another browser with the same passkey, and nothing else. */
async function anotherBrowser(): Promise<void> {
  await clearSite(page)
  await signIn(page, world.api, alice)
  await goTo(page, 'My data')
}

/** Asks to open the letters, for which this browser has no key. */
async function askToOpen(): Promise<Locator> {
  await button('Open letters').click()
  const dialog = page.getByRole('dialog')
  await button('Open and save', dialog).click()
  await dialog.getByText('This browser does not have the key it was sealed with').waitFor()
  return dialog
}

/** A passkey file that somebody hands to the page. */
const give = (text: string) =>
  page.getByTestId('passkey-file').setInputFiles({
    name: 'passkey.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  })

describe('keeping the key', () => {
  it('does nothing when its person says no', async () => {
    await passkey.confirms(false)
    await button('Keep with a passkey').click()
    await told('PASSKEY_CANCELLED').getByText('The passkey was not used').waitFor()
    await passkey.confirms(true)
    expect([await passkey.passkeys(), await copies()]).toEqual([0, []])
    expect(await findings(page)).toEqual([])
  }, 240_000)

  it('goes on with the passkey that was made when only the second question was refused', async () => {
    await page.evaluate(() => {
      navigator.credentials.get = async () => {
        throw new DOMException('no', 'NotAllowedError')
      }
    })
    await button('Keep with a passkey').click()
    await told('PASSKEY_CANCELLED').waitFor()
    await page.getByText('The passkey is made; nothing is sealed with it yet.').waitFor()
    expect([await passkey.passkeys(), await copies()]).toEqual([1, []])
    await page.evaluate(() => Reflect.deleteProperty(navigator.credentials, 'get'))
    await button('Seal with the new passkey').click()
    await page.getByText('Your key is kept with the passkey.').waitFor()
    await page.getByText('in this browser and on this network’s server').waitFor()
    expect(await passkey.passkeys()).toBe(1)
  }, 240_000)

  it('leaves a copy with the server that says nothing, and gives the same as a file', async () => {
    const saving = page.waitForEvent('download')
    await button('Save passkey file').click()
    const file = JSON.parse(await saved(saving)) as PasskeyFile
    const [copy, ...more] = await copies()
    expect([copy?.file, more]).toEqual([file, []])
    expect(file).toMatchObject({ version: 'granary/passkey/v1', account: alice.wallet.address })
    expect(atob(file.sealed.replace(/-----.*-----|\n/g, ''))).not.toContain('AGE-SECRET-KEY')
  }, 240_000)

  it('has nothing that axe-core finds wrong, wide, narrow, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 390, 360]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.setViewportSize({ width, height: 844 })
        expect(await findings(page)).toEqual([])
        expect(await overflow(page)).toBe(0)
        await picture(`kept-${width}-${colorScheme}`)
      }
    await page.setViewportSize({ width: 1280, height: 844 })
  }, 240_000)
})

describe('in another browser', () => {
  it('the key is unlocked while opening one’s own data, once its person agrees', async () => {
    await anotherBrowser()
    const dialog = await askToOpen()
    expect(await findings(page, WCAG)).toEqual([])
    await passkey.confirms(false)
    await button('Unlock with your passkey', dialog).click()
    await told('PASSKEY_CANCELLED', dialog).waitFor()
    await picture('unlock')
    await passkey.confirms(true)
    const downloading = page.waitForEvent('download')
    // By the keyboard alone.
    await button('Unlock with your passkey', dialog).focus()
    await page.keyboard.press('Enter')
    expect(await saved(downloading)).toBe('dear diary')
    await page.getByText(/^Kept with a passkey on/).waitFor()
  }, 240_000)

  it('a passkey that is gone unlocks nothing, and the page does not pretend to know why', async () => {
    const device = await addAuthenticatorAside()
    const dialog = await askToOpen()
    await button('Unlock with your passkey', dialog).click()
    await told('PASSKEY_CANCELLED', dialog).getByText('this device does not have that passkey').waitFor()
    await button('Close', dialog).click()
    await device()
  }, 240_000)

  /** Alice's page in a browser whose device has no passkey; answers how to go back. */
  async function addAuthenticatorAside() {
    const before = page
    page = await openPage(browser)
    await addAuthenticator(page)
    const wallet = await injectWallet(page, { wallet: alice.wallet, rpc: world.rpc })
    await signIn(page, world.api, wallet)
    await goTo(page, 'My data')
    return async () => {
      expect(page.faults).toEqual([])
      await page.context().close()
      page = before
    }
  }
})

describe('a passkey file', () => {
  let file: PasskeyFile

  beforeAll(async () => {
    file = (await copies())[0]!.file
  })

  // Never two alike one after the other: what the page says of one is not taken for the next one's.
  it.each([
    ['that is cut short', 'PASSKEY_FILE_INVALID', () => JSON.stringify(file).slice(0, -20)],
    [
      'of a newer version',
      'VERSION_UNKNOWN',
      () => JSON.stringify({ ...file, version: 'granary/passkey/v9' }),
    ],
    ['that is a recovery file', 'PASSKEY_FILE_INVALID', () => vectors.passkey.plaintext],
    [
      'of another account',
      'PASSKEY_OTHER_ACCOUNT',
      () => JSON.stringify({ ...file, account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }),
    ],
    ['without its seal', 'PASSKEY_FILE_INVALID', () => JSON.stringify({ ...file, sealed: 'wheat' })],
    [
      'of another site',
      'PASSKEY_OTHER_SITE',
      () => JSON.stringify({ ...file, credential: vectors.passkey.credential }),
    ],
  ])('%s is refused before anybody is asked for a passkey', async (_, code, text) => {
    await passkey.confirms(false)
    await give(text())
    await told(code).waitFor()
    await passkey.confirms(true)
    await told('PASSKEY_CANCELLED').first().waitFor({ state: 'detached' })
  })

  it('that was altered is refused, also with its passkey', async () => {
    const end = file.sealed.lastIndexOf('\n-----END')
    const at = end - 12
    const letter = file.sealed[at] === 'A' ? 'B' : 'A'
    const sealed = file.sealed.slice(0, at) + letter + file.sealed.slice(at + 1)
    await give(JSON.stringify({ ...file, sealed }))
    await button('Unlock with your passkey').click()
    await told('PASSKEY_FILE_INVALID').getByText('damaged').waitFor()
  })

  it('is opened by no other passkey', async () => {
    await button('Keep with another passkey').click()
    await page.getByText('Your key is kept with the passkey.').waitFor()
    await page.getByText('in this browser and on this network’s server').nth(1).waitFor()
    const other = (await copies()).find((copy) => copy.file.credential !== file.credential)!.file
    await give(JSON.stringify({ ...file, credential: other.credential }))
    await button('Unlock with your passkey').click()
    await told('PASSKEY_WRONG').getByText('another passkey').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Recovery file' }).waitFor()
  }, 240_000)

  it('takes in keys that were loaded since, when it is asked to', async () => {
    const before = (await copies()).map((copy) => copy.file.sealed)
    const identity = { name: 'r.txt', mimeType: 'text/plain', buffer: Buffer.from(vectors.passkey.identity) }
    await page.getByTestId('recovery-file').setInputFiles(identity)
    await page.getByText('Not all of your keys are in it').first().waitFor()
    await button('Seal all of them').first().click()
    await page.getByText('All keys of this browser are kept with the passkey now.').waitFor()
    await waitFor('the newer copy', async () => {
      const now = (await copies()).map((copy) => copy.file.sealed)
      return now.length === 2 && now.some((sealed) => !before.includes(sealed))
    })
  }, 240_000)

  it('is enough where the server has no copy', async () => {
    const files = (await copies()).map((copy) => copy.file)
    await page.evaluate(async () => {
      const { items } = await (await fetch('/v1/passkey-backups')).json()
      for (const { id } of items) await fetch(`/v1/passkey-backups/${id}`, { method: 'DELETE' })
    })
    await anotherBrowser()
    await button('Unlock with your passkey').first().waitFor({ state: 'detached' })
    await give(JSON.stringify(files[0]))
    await page.getByText('The passkey file is loaded.').waitFor()
    await button('Unlock with your passkey').click()
    await page.getByText('Unlocked. What was sealed with these keys').waitFor()
    const saving = page.waitForEvent('download')
    await button('Save recovery file').first().click()
    expect(parseIdentityFile(await saved(saving))).toContain(vectors.passkey.identity)
    await page.getByText('The sealed file is in this browser only').waitFor()
    await button('Leave a copy with the server').click()
    await page.getByText('The sealed file is on the server, too.').waitFor()
    expect(await copies()).toHaveLength(1)
  }, 240_000)
})

describe('removing a passkey', () => {
  const remove = () => page.getByRole('button', { name: /^Remove the passkey of/ })

  it('asks first, and a no changes nothing', async () => {
    await remove().click()
    const question = page.getByRole('alertdialog')
    await question.getByText('your browser is asked to delete the passkey itself').waitFor()
    await picture('remove')
    expect(await findings(page, WCAG)).toEqual([])
    await button('Keep it', question).click()
    expect(await copies()).toHaveLength(1)
    expect(await remove().count()).toBe(1)
  })

  it('deletes it here, at the server and where it was kept; another browser finds nothing to unlock', async () => {
    const before = await passkey.passkeys()
    await remove().click()
    await button('Remove passkey', page.getByRole('alertdialog')).click()
    await page.getByText('Removed. No sealed file of it is left here or on the server.').waitFor()
    await remove().waitFor({ state: 'detached' })
    expect(await copies()).toEqual([])
    // Chromium does what it is asked; others may not.
    await waitFor('the passkey to be deleted', async () => (await passkey.passkeys()) === before - 1)
    await anotherBrowser()
    const dialog = await askToOpen()
    await button('Use a passkey file', dialog).waitFor()
    await button('Unlock with your passkey', dialog).first().waitFor({ state: 'detached' })
    await button('Close', dialog).click()
  }, 240_000)
})

describe('in French', () => {
  it('everything about passkeys is said', async () => {
    await page.evaluate(() => localStorage.setItem('granary.language', 'fr'))
    await page.reload()
    const french = page.getByRole('region', { name: 'Clé d’accès' })
    await french.getByText('gardée par une clé d’accès').first().waitFor()
    await button('Utiliser un fichier de clé d’accès').waitFor()
    await give('wheat')
    await told('PASSKEY_FILE_INVALID').getByText('il est abîmé').waitFor()
    await picture('french')
    expect(await findings(page)).toEqual([])
  }, 240_000)
})
