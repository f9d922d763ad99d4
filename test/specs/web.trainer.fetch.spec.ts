import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { type Actor, contributeBytes, newContributor, newTrainer, sha256 } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { fetchedHere, giveFolder, givenFolder, openCouncil, saved } from '../support/training.js'
import {
  goTo,
  holdDownload,
  holdLock,
  type InjectedWallet,
  injectWallet,
  openPage,
  signIn,
} from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// What a trainer does with a request that is paid, in the pages: fetch, save, account for it, get back what was not used.
// How it comes to that: web.trainer.spec.ts.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let council: Page & { faults: string[] }
let trent: Actor
let wallet: InjectedWallet
let alice: Actor
let pool: number
let recipient: string
let request: Hex
const ids: Record<string, Hex> = {}
const sent: string[] = []

const LARGE = new Uint8Array(24_000_000).map((_, place) => (place * 31) % 251)
const bytes = (text: string) => new TextEncoder().encode(text)
const button = (name: string | RegExp) => page.getByRole('button', { name })

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('2') })
  alice = await newContributor(world)
  trent = await newTrainer(world, { tokens: parseEther('100') })
  const terms = { pool, purposes: ['evaluation', 'commercial'] as never, expires: null, type: 'text/csv' }
  ids.steps = (await contributeBytes(alice, bytes('day,steps\n1,2\n'), { ...terms, name: 'Steps.csv' })).id
  ids.large = (await contributeBytes(alice, LARGE, { ...terms, name: 'Large.csv' })).id
  ids.letters = (await contributeBytes(alice, bytes('dear'), { ...terms, name: 'Letters.csv', ask: true })).id

  page = await openPage(browser, { acceptDownloads: true })
  page.on('request', (one) => sent.push(`${one.url()} ${one.postData() ?? ''}`))
  await giveFolder(page)
  wallet = await injectWallet(page, { wallet: trent.wallet, rpc: world.rpc })
  await signIn(page, world.api, wallet)
  await goTo(page, 'Training')
  const downloading = page.waitForEvent('download')
  await button('Make a key and save it').click()
  await downloading
  recipient = (await page.getByTestId('recipient').getByText(/^age1/).textContent())!
  ;({ request } = await trent.client.requests.open({
    pool,
    purposes: ['evaluation', 'commercial'],
    recipient,
  }))
  await page.goto(`${world.api}/training/${request}`)
  ;({ council } = await openCouncil(browser, world))
}, 240_000)

afterAll(async () => {
  expect(page?.faults).toEqual([])
  expect(council?.faults ?? []).toEqual([])
  await browser?.close()
  world?.close()
})

/** Where files are opened: away from the page. */
const OPENS = /\/assets\/fetch\.worker-[\w-]+\.js$/

describe('fetching', () => {
  const line = (name: string) => page.getByTestId(`fetch-${ids[name]}`)

  it('releases nothing when the wallet says no', async () => {
    await line('letters').getByText('its owner has not answered yet').waitFor()
    wallet.rejects = (method) => method === 'eth_signTypedData_v4'
    await button('Fetch into this browser').click()
    await page.getByText('Nothing was released and nothing charged').waitFor()
    wallet.rejects = false
  }, 240_000)

  it('is done by one tab at a time', async () => {
    const free = await holdLock(page, `granary-fetch/${request}`)
    await button('Fetch into this browser').click()
    await page.getByText('Another tab is fetching this request').waitFor()
    await free()
  }, 240_000)

  it('goes on after a reload in the middle, without what came before', async () => {
    const letGo = await holdDownload(page, `**/v1/datasets/${ids.large}/content`, 14_000_000)
    await button('Fetch into this browser').click()
    await line('large')
      .getByText(/^([5-8]\d) %$/)
      .waitFor()
    // Two of the three are enough, whichever answer first.
    await page
      .getByTestId(/^custodian-/)
      .filter({ hasText: 'checked 2' })
      .nth(1)
      .waitFor()
    await page.reload()
    await letGo()
    await button('Fetch into this browser').waitFor()
    const asked = page.waitForRequest((one) => one.url().endsWith(`${ids.large}/content`))
    const opening = page.waitForEvent('worker', { predicate: (worker) => OPENS.test(worker.url()) })
    await button('Fetch into this browser').click()
    await opening
    expect((await asked).headers().range).toMatch(/^bytes=[1-9]\d{6,}-$/)
    await line('large').getByText('in this browser').waitFor()
    await line('steps').getByText('in this browser').waitFor()
    await page.getByText('One dataset did not come').waitFor()
    await page.getByText('Its owner has not answered yet.').first().waitFor()
    await expectLegible(page, 'trainer-fetching')
  }, 240_000)

  it('gives the files as they were, also after another reload', async () => {
    await page.reload()
    const downloading = page.waitForEvent('download')
    await button('Save Large').click()
    const { name, content } = await saved(downloading)
    expect([name, sha256(content)]).toEqual(['Large.csv', sha256(LARGE)])
  }, 240_000)

  it('goes straight into a folder where the browser has them', async () => {
    await alice.client.requests.approve(request, ids.letters!, true)
    await button('Fetch into a folder…').click()
    await page.getByText('Everything is here.').waitFor()
    await line('letters').getByText('saved in your folder').waitFor()
    // What the browser had already is moved; what the folder had is not overwritten.
    expect(await givenFolder(page)).toEqual({
      'Steps.csv': 3,
      'Steps (2).csv': 14,
      'Large.csv': LARGE.length,
      'Letters.csv': 4,
    })
  }, 240_000)

  it('gives the same command to copy, quoted for a shell', async () => {
    const command = await page.getByTestId('command').textContent()
    expect(command).toMatch(
      new RegExp(
        `^GRANARY_API=http://\\S+ granary fetch ${request} --out \\S+ --identity granary-training-key-`,
      ),
    )
  })

  it('never sends the key', () => {
    expect(sent.some((one) => /AGE-SECRET-KEY/i.test(one))).toBe(false)
  })

  it('forgets the copies when told to', async () => {
    await button('Forget what was fetched').click()
    await line('large').getByText('waiting').waitFor()
    await waitFor('the copies to be gone', async () => (await fetchedHere(page)).length === 0)
  })
})

describe('what changes in the middle', () => {
  it('a withdrawal stops one dataset and says so', async () => {
    await alice.client.datasets.withdraw(ids.steps!)
    await button('Fetch into this browser').click()
    await page
      .getByText(
        /^Its owner has withdrawn\. Unless it was released to you before, you are not charged for it/,
      )
      .first()
      .waitFor()
    await page.getByTestId(`fetch-${ids.letters}`).getByText('in this browser').waitFor()
  }, 240_000)

  it('a suspension stops everything and says whom to ask', async () => {
    const line = council.getByTestId(`trainer-${trent.address}`)
    await line.getByRole('button', { name: 'Suspend Trent' }).click()
    await line.getByText('suspended', { exact: true }).waitFor()
    await button('Forget what was fetched').click()
    await button('Fetch into this browser').click()
    await page.getByText('The council has suspended you. Ask the council').waitFor()
    await goTo(page, 'Training')
    await page.getByText('You are suspended').waitFor()
    await expectLegible(page, 'trainer-suspended')
    await line.getByRole('button', { name: 'Lift the suspension of Trent' }).click()
    await page.getByText(/You are approved until/).waitFor()
  }, 240_000)
})

describe('the account of it', () => {
  it('is an invoice: what was used, for whom, by which settlement; as CSV and JSON, and to print', async () => {
    await page.getByTestId(`request-${request}`).getByRole('link').click()
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return BigInt((await trent.client.requests.get(request)).spent) === parseEther('6')
    })
    await page.getByTestId('invoice-used').getByText('6 gUSD', { exact: true }).waitFor()
    // The list of uses is asked for on its own, and they may have come in several settlements.
    for (const id of [ids.steps, ids.large, ids.letters]) await page.getByTestId(`use-${id}`).waitFor()
    const asJson = page.waitForEvent('download')
    await button('JSON').click()
    const invoice = JSON.parse((await saved(asJson)).content.toString())
    expect(invoice).toMatchObject({ request, paid: String(parseEther('6')), used: String(parseEther('6')) })
    expect(BigInt(invoice.toOwners) + BigInt(invoice.toCustodiansAndTreasury)).toBe(parseEther('6'))
    const asCsv = page.waitForEvent('download')
    await button('CSV').click()
    const rows = (await saved(asCsv)).content.toString().trimEnd().split('\r\n')
    expect(rows).toHaveLength(4)
    await expectLegible(page, 'trainer-invoice')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav').isVisible()).toBe(false)
    expect(await page.getByRole('heading', { name: 'Get the data' }).isVisible()).toBe(false)
    expect(await page.getByRole('heading', { name: 'Invoice' }).isVisible()).toBe(true)
    await page.emulateMedia({ media: 'screen' })
  }, 240_000)

  it('gives back what was not used, once the time is over', async () => {
    // Time enough to open it on a busy machine.
    const expires = new Date(Date.now() + 30_000)
    const opened = await trent.client.requests.open({ pool, purposes: ['evaluation'], recipient, expires })
    await page.goto(`${world.api}/training/${opened.request}`)
    await page.getByText('Expired: nothing is released any more').waitFor()
    await page.getByText('Nothing can be fetched any more').waitFor()
    await waitFor('the final settlement', async () => {
      await trent.client.settle()
      return (await trent.client.requests.get(opened.request)).status === 'final'
    })
    await button('Get 4 gUSD back').click()
    await page.getByText('4 gUSD came back to you.').waitFor()
    await goTo(page, 'Training')
    const downloading = page.waitForEvent('download')
    await button('Download as CSV').click()
    expect((await saved(downloading)).content.toString().trimEnd().split('\r\n')).toHaveLength(3)
    await expectLegible(page, 'trainer-refunded')
  }, 240_000)

  it('shows others no more than the chain does', async () => {
    const other = await openPage(browser)
    await signIn(other, world.api, await injectWallet(other, { rpc: world.rpc }))
    await other.goto(`${world.api}/training/${request}`)
    await other.getByText('This request was opened by another account').waitFor()
    await other
      .getByRole('button', { name: /^Fetch/ })
      .first()
      .waitFor({ state: 'detached' })
    await other.goto(`${world.api}/training/0x${'0'.repeat(64)}`)
    await other.getByRole('heading', { name: 'There is no such request' }).waitFor()
    expect(other.faults).toEqual([])
    await other.context().close()
  }, 240_000)
})
