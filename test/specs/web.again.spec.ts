import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { findings, overflow, WCAG } from '../support/accessibility.js'
import { launchChromium } from '../support/chromium.js'
import { fillForm, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// A file that was not sealed yet when its page was closed: what the browser can read again goes on by one click, and
// what it cannot is asked for by its name.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: InjectedWallet
let pool: number
let folder: string

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  folder = mkdtempSync(join(tmpdir(), 'granary-again-'))
  pool = await world.createPool()
  page = await openPage(browser)
  // Files of the page's own file system stand in for those that somebody would choose in the browser's window.
  await page.addInitScript(() => {
    type Picking = { showOpenFilePicker(): Promise<FileSystemFileHandle[]>; testChooses?: string }
    const picking = window as unknown as Picking
    picking.showOpenFilePicker = async () => {
      const root = await navigator.storage.getDirectory()
      return [await root.getFileHandle(picking.testChooses!)]
    }
  })
  alice = await injectWallet(page, { rpc: world.rpc })
  await signIn(page, world.api, alice)
}, 240_000)
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

/** Writes a file where the stand-in chooses from. */
const put = (name: string, text: string) =>
  page.evaluate(
    async ([name, text]) => {
      const root = await navigator.storage.getDirectory()
      const handle = await root.getFileHandle(name!, { create: true })
      const target = await handle.createWritable()
      await target.write(text!)
      await target.close()
      ;(window as { testChooses?: string }).testChooses = name
    },
    [name, text],
  )

/** The page as it is opened: it has asked nobody for the network's facts yet that sealing needs. */
async function openAnew(): Promise<void> {
  await page.goto(world.api)
  await page.getByRole('button', { name: 'Choose files' }).waitFor()
}

/** How many contributions this browser remembers. */
const remembered = () =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('granary-spool')
        opening.onsuccess = () => {
          const counting = opening.result.transaction('records').objectStore('records').count()
          counting.onsuccess = () => {
            opening.result.close()
            resolve(counting.result)
          }
        }
      }),
  )

/** Begins to contribute what was chosen, and closes the page before anything is sealed. */
async function closeBeforeSealing(): Promise<void> {
  await page.locator(`input[name=pool][value="${pool}"]`).check()
  await page.locator('input[name="evaluation"]').check()
  const before = await remembered()
  // Nothing is sealed before the network's facts are there.
  await page.route('**/v1/network', () => {})
  await page.getByRole('button', { name: 'Seal and contribute' }).click()
  await waitFor('the contribution to be noted', async () => (await remembered()) > before)
  await page.unroute('**/v1/network')
  await page.reload()
  await page.getByRole('heading', { name: 'Not finished yet' }).waitFor()
}
const lineOf = (title: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title, exact: true }) })
const registered = () => page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()

describe('a file that the browser can read again', () => {
  it('goes on by one click after its page was closed', async () => {
    await openAnew()
    await put('barley.txt', 'the text of barley')
    await page.getByRole('button', { name: 'Choose files' }).click()
    await page.getByText('barley.txt').first().waitFor()
    await closeBeforeSealing()
    expect(await findings(page, WCAG)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await lineOf('barley').getByText('The same file can be sealed anew.').waitFor()
    await lineOf('barley').getByRole('button', { name: 'Go on with barley' }).click()
    await registered()
    await waitFor('nothing to be left of it', async () => (await remembered()) === 0)
  }, 240_000)

  it('is not taken when it is another one by now', async () => {
    await openAnew()
    await put('oats.txt', 'the text of oats')
    await page.getByRole('button', { name: 'Choose files' }).click()
    await page.getByText('oats.txt').first().waitFor()
    await closeBeforeSealing()
    await put('oats.txt', 'another text altogether')
    await lineOf('oats').getByRole('button', { name: 'Go on with oats' }).click()
    await lineOf('oats').getByRole('alert').filter({ hasText: 'That is not “oats.txt” as it was' }).waitFor()
    await lineOf('oats').getByRole('button', { name: 'Got it: oats' }).click()
    await waitFor('nothing to be left of it', async () => (await remembered()) === 0)
  }, 240_000)
})

describe('a file in a folder that was dropped', () => {
  it('is remembered by the browser, too', async () => {
    const inside = join(folder, 'harvest', '2025')
    mkdirSync(inside, { recursive: true })
    writeFileSync(join(inside, 'spelt.txt'), 'the text of spelt')
    await openAnew()
    const devtools = await page.context().newCDPSession(page)
    const data = { items: [], files: [join(folder, 'harvest')], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data })
    await page.getByLabel('Title of spelt.txt').waitFor()
    await closeBeforeSealing()
    const line = lineOf('harvest/2025/spelt')
    await line.getByText('The same file can be sealed anew.').waitFor()
    await line.getByRole('button', { name: 'Go on with harvest/2025/spelt' }).waitFor()
    await line.getByRole('button', { name: 'Got it: harvest/2025/spelt' }).click()
    await waitFor('nothing to be left of it', async () => (await remembered()) === 0)
  }, 240_000)
})

describe('a file that the browser cannot read again', () => {
  it('is asked for by name and size, and no other is taken', async () => {
    const [rye, other] = [join(folder, 'rye.txt'), join(folder, 'other.txt')]
    writeFileSync(rye, 'the text of rye')
    writeFileSync(other, 'another text')
    await openAnew()
    await fillForm(page, { files: [rye], pool, purposes: [] })
    await closeBeforeSealing()
    const line = lineOf('rye')
    await line.getByText('Choose the file “rye.txt” (15 bytes) again.').waitFor()
    const field = line.locator('input[type=file]')
    await field.setInputFiles(other)
    await line.getByRole('alert').filter({ hasText: 'That is not “rye.txt” as it was' }).waitFor()
    await field.setInputFiles(rye)
    await registered()
    await waitFor('nothing to be left of it', async () => (await remembered()) === 0)
  }, 240_000)
})
