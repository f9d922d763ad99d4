import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import type { Browser } from 'playwright-core'
import { findings, overflow, WCAG } from '../support/accessibility.js'
import { launchChromium } from '../support/chromium.js'
import { type Contributing, openContributing, rye } from '../support/contributing.js'
import { type FormFile, type InjectedWallet, spooled } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// A contribution in the browser that failed is tried again with what is sealed, and the list of those that were cut off
// is legible and used by keyboard. How they go on is the subject of web.resume.spec.ts.

let world: World
let browser: Browser
let pool: number

let at: Contributing
let page: Contributing['page']
let alice: InjectedWallet

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
})
beforeEach(async () => {
  at = await openContributing(world, browser, pool)
  page = at.page
  alice = at.alice
})
afterEach(() => page.context().close())
afterAll(async () => {
  await browser?.close()
  world?.close()
})

const patches = () => at.sent('PATCH')
const begun = () => at.sent('POST')
const button = (name: string) => at.button(name)
const datasets = (owner?: string) => at.datasets(owner)
const contribute = (...files: FormFile[] | string[]) => at.contribute(...files)
const reload = () => at.reload()
const cutOff = (...files: FormFile[]) => at.cutOff(...files)
const records: Contributing['records'] = (...which) => at.records(...which)
const registered = () => at.registered()

describe('a contribution that failed', () => {
  it('because its person said no, is tried again with the same sealed file', async () => {
    alice.rejects = (method) => method === 'eth_signTypedData_v4'
    await contribute(rye)
    await page.getByRole('alert').getByText('You told your wallet not to sign').waitFor()
    await page.getByText('The sealed file is kept in this browser.').waitFor()
    const [before] = await records()
    alice.rejects = false
    await button('Try again').click()
    await registered()
    expect((await datasets())[0]).toMatchObject({ cid: before!.sealed!.cid })
    expect(begun()).toHaveLength(1)
    expect(patches()).toHaveLength(1)
    expect(await spooled(page)).toEqual([])
  })

  it('because the network was down, goes on by itself with the same sealed file', async () => {
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    await contribute(rye)
    await page.locator('p', { hasText: 'The network does not answer.' }).first().waitFor()
    const [before] = await records()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await registered()
    expect((await datasets())[0]).toMatchObject({ cid: before!.sealed!.cid })
    expect(begun()).toHaveLength(1)
  }, 240_000)

  it('because the network had no room, is tried again with the same sealed file', async () => {
    const full = { type: 'about:blank', status: 507, code: 'STORE_FULL', title: 'No room.' }
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH'
        ? route.fulfill({ status: 507, contentType: 'application/problem+json', body: JSON.stringify(full) })
        : route.continue(),
    )
    await contribute(rye)
    await page.getByRole('alert').getByText('no room for this file').waitFor()
    const [before] = await records()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await button('Try again').click()
    await registered()
    expect((await datasets())[0]).toMatchObject({ cid: before!.sealed!.cid })
    expect(begun()).toHaveLength(1)
  }, 240_000)

  it('and is left for the account of another, waits for its own', async () => {
    alice.rejects = (method) => method === 'eth_signTypedData_v4'
    await contribute(rye)
    await button('Try again').waitFor()
    const own = alice.wallet
    await alice.changeAccount(new Wallet(Wallet.createRandom().privateKey))
    await page.getByRole('region', { name: 'The text to sign' }).waitFor()
    alice.rejects = false
    await alice.changeAccount(own)
    // The session may still be its own.
    const again = page.getByRole('button', { name: /^Sign in with/ })
    await waitFor('its own session', async () => {
      if (await again.isVisible()) await again.click({ timeout: 5_000 })
      return button('Continue rye').isVisible()
    })
    await button('Continue rye').click()
    await registered()
    expect(begun()).toHaveLength(1)
  }, 240_000)
})

describe.each([1280, 390])('the list of unfinished contributions, %i pixels wide', (width) => {
  it('has nothing that axe-core finds wrong, and is used by keyboard', async () => {
    await page.setViewportSize({ width, height: 844 })
    await cutOff(
      { ...rye, name: 'rye_with_a_rather_long_name_that_has_to_be_broken_somewhere_or_else.csv' },
      { ...rye, name: 'oats.csv' },
    )
    // Whether it was sealed already when the page went away is a matter of moments.
    await records({ sealed: null }, 'oats')
    await reload()
    const title = 'rye with a rather long name that has to be broken somewhere or else'
    await button(`Continue ${title}`).waitFor()
    expect(await findings(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await button(`Discard ${title}`).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByText('Nothing is registered.').waitFor()
    expect(await findings(page, WCAG)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.keyboard.press('Escape')
    await button('Got it: oats').focus()
    await page.keyboard.press('Enter')
    await page.getByText('“oats” is off this list.').waitFor()
    await page.waitForFunction(() => document.activeElement?.id === 'unfinished')
    await button('Got it: oats').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await page.waitForFunction(() => /^Continue rye/.test(document.activeElement?.ariaLabel ?? ''))
    await page.keyboard.press('Enter')
    await registered()
    expect(await findings(page)).toEqual([])
    expect(page.faults).toEqual([])
  }, 240_000)
})
