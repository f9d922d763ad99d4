import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { contributeBytes, newContributor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { fillForm, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// The content security policy in a browser: what Mallory could put into a page does nothing, and the app asks for nothing
// that its policy refuses, on any page (openPage listens on all pages of all specs).

const PAGES = ['/', '/data', '/inbox', '/rewards', '/members', '/no/such/page']

let world: World
let browser: Browser
let pool: number

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  world?.close()
})

/** Goes there and lets it come to rest, as far as a page does that is kept up to date. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${world.api}${path}`)
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => {})
}

describe('text that Mallory got into a page', () => {
  let page: Page
  beforeAll(async () => {
    // Not by openPage: here the policy has to refuse.
    page = await (await browser.newContext()).newPage()
    await page.goto(world.api)
  }, 240_000)
  afterAll(() => page?.context().close())

  it.each<[string, () => unknown]>([
    ['by innerHTML', () => Object.assign(document.body, { innerHTML: '<img src=x onerror="stolen = 1">' })],
    ['by a script element', () => Object.assign(document.createElement('script'), { text: 'stolen = 1' })],
    [
      'by the address of a script',
      () => Object.assign(document.createElement('script'), { src: '/ipfs/bafkreia?format=raw' }),
    ],
    ['by a timer', () => setTimeout('stolen = 1' as never)],
    ['by a worker of what somebody uploaded', () => new Worker('/ipfs/bafkreia?format=raw')],
    ['by a worker of its own making', () => new Worker(URL.createObjectURL(new Blob(['stolen = 1'])))],
    ['by a policy of its own', () => Reflect.get(window, 'trustedTypes').createPolicy('mallory', {})],
    ['by a second default policy', () => Reflect.get(window, 'trustedTypes').createPolicy('default', {})],
  ])('becomes no script %s', async (_, attempt) => {
    await expect(page.evaluate(attempt as () => void)).rejects.toThrow(/TypeError|EvalError|Trusted|policy/i)
    expect(await page.evaluate(() => 'stolen' in window)).toBe(false)
  })
})

describe('the app', () => {
  it.each(['en', 'fr-FR'])(
    'asks for nothing that its policy refuses, on any page, in %s',
    async (locale) => {
      const page = await openPage(browser, { locale })
      for (const path of PAGES) {
        await visit(page, path)
      }
      expect(page.faults).toEqual([])
      await page.context().close()
    },
    240_000,
  )

  it('works for somebody who is signed in: pages, the worker that seals, an upload', async () => {
    const anna = await newContributor(world, 'Anna')
    await contributeBytes(anna, Buffer.from('rye'), { pool, purposes: ['evaluation'], expires: null })
    const page = await openPage(browser)
    const injected = await injectWallet(page, { wallet: anna.wallet, rpc: world.rpc })
    await signIn(page, world.api, injected)
    await fillForm(page, {
      files: [{ name: 'oats.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') }],
      pool,
      purposes: ['evaluation'],
    })
    const workers: string[] = []
    page.on('worker', (worker) => workers.push(new URL(worker.url()).pathname))
    await page.getByRole('button', { name: /^Seal and contribute/ }).click()
    await page.getByRole('heading', { name: /registered/ }).waitFor()
    expect(workers.length).toBeGreaterThan(0)
    for (const path of workers) expect(path).toMatch(/^\/assets\/[\w.-]+\.js$/)
    for (const path of PAGES) await visit(page, path)
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)
})
