import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { DatasetResource, Hex } from '@granary/protocol'
import { readArchive } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { WCAG } from '../support/accessibility.js'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// Somebody with many datasets, in the web page: they find, change and withdraw them together, and take all of it away.

const NAMES = ['barley', 'maize', 'millet', 'oats', 'rye', 'wheat']

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: Actor
let wallet: InjectedWallet
const ids: Record<string, Hex> = {}

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  const pool = await world.createPool()
  alice = await newContributor(world, 'Alice')
  const made = await Promise.all(
    NAMES.map((name) =>
      contributeBytes(alice, Buffer.from(name), { pool, purposes: ['evaluation'], expires: null, name }),
    ),
  )
  for (const [place, name] of NAMES.entries()) ids[name] = made[place]!.id
  page = await openPage(browser, { acceptDownloads: true })
  // A test cannot answer the system’s own dialog: the page collects the archive and saves it like any download.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  wallet = await injectWallet(page, { wallet: alice.wallet, rpc: world.rpc })
  await signIn(page, world.api, wallet)
  await goTo(page, 'My data')
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

const line = (name: string) => page.getByTestId(ids[name] as string)
const shown = () => page.locator('li h3').allInnerTexts()
const dataset = async (name: string): Promise<DatasetResource> => alice.client.datasets.get(ids[name] as Hex)
const signatures = () => wallet.asked.filter((method) => method === 'eth_signTypedData_v4').length

describe('finding datasets', () => {
  it('goes by title, and says when there is none', async () => {
    await page.getByText('6 datasets', { exact: true }).waitFor()
    await page.getByLabel('Order').selectOption('title')
    // The list before stays until the other one is there, and may begin with the same.
    await waitFor('the order', async () => (await shown()).join() === NAMES.join())
    await page.getByLabel('Search titles').fill('EA')
    await page.getByText('1 dataset', { exact: true }).waitFor()
    expect(await shown()).toEqual(['wheat'])
    await page.getByLabel('Search titles').fill('potato')
    await page.getByText('None of your datasets fits that.').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByText('6 datasets', { exact: true }).waitFor()
  }, 240_000)

  it('leads to a page of each one’s own, which knows somebody else’s from one’s own', async () => {
    await line('rye').getByRole('link', { name: 'rye' }).click()
    await page.getByRole('heading', { level: 1, name: 'rye' }).waitFor()
    await page.getByText('Nobody has read it so far.').waitFor()
    await page.getByText(/^Contributed. Allowed: testing, until withdrawn/).waitFor()
    await expectLegible(page, 'dataset')
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'My data' }).waitFor()
  }, 240_000)
})

describe('a change of many', () => {
  it('says what changes for how many before anything is signed', async () => {
    await page.getByLabel('Order').selectOption('title')
    for (const name of ['barley', 'maize', 'millet', 'oats'])
      await page.getByRole('checkbox', { name: `Select ${name}` }).check()
    await page.getByText('4 datasets selected').waitFor()
    const before = signatures()
    await page.getByRole('button', { name: 'Change their consent' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Nothing is ticked yet.').waitFor()
    await dialog.getByRole('checkbox', { name: 'What they may be used for' }).check()
    await dialog.getByText('Tick at least one thing that you allow.').waitFor()
    await dialog.getByRole('checkbox', { name: /^Looking things up/ }).check()
    await dialog.getByText('4 of 4 datasets change. Your wallet asks 4 times').waitFor()
    await dialog.getByText('Newly allowed for 4: looking up.').waitFor()
    await dialog.getByText('No longer allowed for 4: testing.').waitFor()
    await expectLegible(page, 'bulk', WCAG)
    expect(signatures()).toBe(before)
  }, 240_000)

  it('stops at a no, keeps what was signed, and goes on', async () => {
    const dialog = page.getByRole('dialog')
    let asked = 0
    wallet.rejects = (method) => method === 'eth_signTypedData_v4' && ++asked === 3
    await dialog.getByRole('button', { name: 'Sign 4 changes' }).click()
    await dialog.getByText('Your wallet was told not to sign.').waitFor()
    await dialog.getByText('2 of 4').waitFor()
    expect((await dataset('oats')).purposes).toEqual(['evaluation'])
    wallet.rejects = false
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await dialog.getByText('4 datasets changed, on chain.').waitFor()
    for (const name of ['barley', 'maize', 'millet', 'oats'])
      expect((await dataset(name)).purposes).toEqual(['retrieval'])
    expect((await dataset('rye')).purposes).toEqual(['evaluation'])
  }, 240_000)

  it('can be changed back', async () => {
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Change all 4 back' }).click()
    await dialog.getByText('4 datasets changed, on chain.').waitFor()
    expect((await dataset('barley')).purposes).toEqual(['evaluation'])
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByText('4 datasets changed, on chain.').waitFor()
  }, 240_000)

  it('withdraws for good what is selected, and nothing else', async () => {
    for (const name of ['rye', 'wheat']) await page.getByRole('checkbox', { name: `Select ${name}` }).check()
    await page.getByRole('button', { name: 'Withdraw them' }).click()
    const question = page.getByRole('alertdialog')
    await question.getByText('2 of 2 datasets change.').waitFor()
    await question.getByRole('button', { name: 'Withdraw 2 for good' }).click()
    await question.getByText('2 datasets withdrawn.').waitFor()
    await question.getByRole('button', { name: 'Close' }).click()
    expect([(await dataset('rye')).status, (await dataset('wheat')).status]).toEqual([
      'withdrawn',
      'withdrawn',
    ])
    expect((await dataset('oats')).status).toBe('active')
  }, 240_000)
})

describe('everything at once', () => {
  let path: string

  it('is one archive that is whole', async () => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export everything' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toMatch(/^granary-.*\.tar$/)
    path = await download.path()
    expect(statSync(path).size).toBeGreaterThan(0)
    const contents = await readArchive(
      () => Readable.toWeb(createReadStream(path)) as unknown as ReadableStream<Uint8Array>,
    )
    expect(contents.datasets.map(({ id }) => id).sort()).toEqual(Object.values(ids).sort())
    expect(contents.key).toBeNull()
    await page.getByText('Saved: 6 datasets').waitFor()
  }, 240_000)

  it('is checked by the page, which finds out what was changed in it', async () => {
    await page.getByTestId('archive').setInputFiles(path)
    await page.getByText('The archive is whole, and the chain says the same').waitFor()
    const { readFileSync } = await import('node:fs')
    const altered = readFileSync(path)
    altered[Math.floor(altered.length / 2)]! ^= 1
    await page
      .getByTestId('archive')
      .setInputFiles([{ name: 'altered.tar', mimeType: 'application/x-tar', buffer: altered }])
    await page.getByText('The archive does not hold').waitFor()
    await expectLegible(page, 'data')
  }, 240_000)
})
