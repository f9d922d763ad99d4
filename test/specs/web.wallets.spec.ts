import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { type InjectedWallet, injectWallet, openPage } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// Several wallets in one browser (EIP-6963): one never answers, one comes late, and some announcements are none.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let wheatfield: InjectedWallet

const button = (name: string) => page.getByRole('button', { name, exact: true })

/** Runs in the page: announces whatever it is given as a wallet. `how` it answers: never, or not at all. */
function announce(detail: { info: unknown; how: 'never' | 'none' }): void {
  const provider = detail.how === 'never' ? { request: () => new Promise(() => {}) } : {}
  const event = new CustomEvent('eip6963:announceProvider', { detail: { info: detail.info, provider } })
  window.dispatchEvent(event)
}
const info = (name: string) => ({ uuid: `of ${name}`, name, icon: '', rdns: `test.${name.toLowerCase()}` })

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  page = await openPage(browser)
  wheatfield = await injectWallet(page)
  await page.goto(world.api)
  await button(wheatfield.name).waitFor()
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

describe('wallets', () => {
  it('that cannot be shown or asked are none', async () => {
    const { uuid, icon, rdns } = info('Chaff')
    for (const wrong of [{}, null, { uuid, icon, rdns }, { uuid, icon, rdns, name: { not: 'a name' } }])
      await page.evaluate(announce, { info: wrong, how: 'never' as const })
    await page.evaluate(announce, { info: info('Chaff'), how: 'none' as const })
    await page.evaluate(announce, { info: info('Fallow'), how: 'never' as const })
    await button('Fallow').waitFor()
    const shown = page.getByRole('list').filter({ has: button('Fallow') })
    expect(await shown.getByRole('button').allTextContents()).toEqual([wheatfield.name, 'Fallow'])
  })

  it('that come late are offered, and one that does not answer stands in nobody’s way', async () => {
    await button('Fallow').click()
    await page.getByText('Fallow was asked and has not answered yet.').waitFor()
    await expectLegible(page, 'wallet-hangs')
    wheatfield.rejects = true
    await button(wheatfield.name).click()
    await page.getByText('Nothing was signed.').waitFor()
    wheatfield.rejects = false
    await button('Fallow').click()
    await page.getByText('Fallow was asked and has not answered yet.').waitFor()
    await button(wheatfield.name).click()
    await button(`Sign in with ${wheatfield.name}`).click()
    await page.getByRole('heading', { name: 'Your granary' }).waitFor()
  }, 240_000)
})
