import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { findings, overflow } from '../support/accessibility.js'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { filled, type WebPage, webPages } from '../support/pages.js'
import { injectWallet, openPage } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// What holds for every page of the web app, also for those that are added: the list is the app's own.

const LOOKS = [
  [1280, 'light'],
  [360, 'dark'],
  [360, 'light'],
  [1280, 'dark'],
] as const
const BUILD = JSON.parse(readFileSync(join(import.meta.dirname, '../../apps/web/dist/build.json'), 'utf8'))

/** The heading of a page of somebody who is signed in, which takes the focus. */
const SIGNED_IN = 'h1[tabindex="-1"]'

let world: World
let browser: Browser
let anna: Actor
let pages: readonly WebPage[]
let ids: Record<string, string>

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pages = await webPages()
  anna = await newContributor(world, 'Anna')
  const pool = await world.createPool()
  const terms = { pool, purposes: ['evaluation' as const], expires: null, ask: true }
  const { id } = await contributeBytes(anna, Buffer.from('rye'), { ...terms, name: 'rye' })
  const tess = await newTrainer(world, { name: 'Tess' })
  const { request } = await tess.client.requests.open({
    pool,
    purposes: ['evaluation'],
    recipient: tess.recipient,
  })
  ids = {
    data: id,
    datasets: id,
    catalogue: id,
    pools: String(pool),
    requests: request,
    trainers: tess.address,
  }
}, 240_000)
afterAll(async () => {
  await browser?.close()
  world?.close()
})

/** Goes there; whoever is signed in sees the first view until the session is known. */
async function visit(page: Page, path: string, isSignedIn: boolean): Promise<void> {
  await page.goto(new URL(path, world.api).href)
  if (isSignedIn) await page.getByRole('navigation').getByRole('link').first().waitFor()
  await page
    .locator(isSignedIn ? SIGNED_IN : 'h1')
    .first()
    .waitFor()
  await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => {}) // live pages never rest
}

async function open(language: 'en' | 'fr', asWho: Actor | null) {
  const page = await openPage(browser, { locale: language === 'fr' ? 'fr-FR' : 'en-GB' })
  if (asWho) {
    const wallet = await injectWallet(page, { wallet: asWho.wallet, rpc: world.rpc })
    await page.goto(world.api)
    await page.getByRole('button', { name: wallet.name, exact: true }).click()
    await page.getByRole('button', { name: new RegExp(`${wallet.name}$`) }).click()
    // The navigation is there for everybody; whoever leaves before the session is there is not signed in.
    await page.locator(SIGNED_IN).first().waitFor()
  }
  return page
}

describe.each(['en', 'fr'] as const)('every page, in %s', (language) => {
  it.each([
    ['signed in', true],
    ['signed out', false],
  ])(
    'has nothing that axe-core finds wrong and nothing that sticks out, wide and narrow, light and dark: %s',
    async (_, isSignedIn) => {
      const page = await open(language, isSignedIn ? anna : null)
      for (const { path } of pages.filter((one) => isSignedIn || one.open || one.path === '/')) {
        const to = filled(path, ids)
        if (to === null) continue
        await visit(page, to, isSignedIn)
        for (const [width, colorScheme] of LOOKS) {
          await page.setViewportSize({ width, height: 844 })
          await page.emulateMedia({ colorScheme })
          expect([path, width, colorScheme, await overflow(page)]).toEqual([path, width, colorScheme, 0])
          expect([path, width, colorScheme, await findings(page)]).toEqual([path, width, colorScheme, []])
        }
      }
      expect(page.faults).toEqual([])
      await page.context().close()
    },
    240_000,
  )
})

describe('the frame of every page, by keyboard', () => {
  const focused = (page: Page) =>
    page.evaluate(() => {
      const at = document.activeElement as HTMLElement
      const { outlineStyle, outlineWidth } = getComputedStyle(at)
      return {
        id: at.id,
        tag: at.tagName,
        text: at.textContent ?? '',
        seen: outlineStyle !== 'none' && outlineWidth !== '0px',
      }
    })

  it('skips to the content, goes from page to page, and tells where one is', async () => {
    const page = await open('en', anna)
    await visit(page, '/', true)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatchObject({ tag: 'A', text: 'Skip to the content', seen: true })
    await page.keyboard.press('Enter')
    expect(await focused(page)).toMatchObject({ id: 'content' })

    await visit(page, '/', true)
    const links = await page.getByRole('navigation').getByRole('link').allTextContents()
    expect(links.length).toBe(pages.filter(({ name }) => name !== null).length)
    const walked: string[] = []
    for (let step = 0; step < 40 && walked.length < links.length; step += 1) {
      await page.keyboard.press('Tab')
      const at = await focused(page)
      expect([at.tag, at.text, at.seen]).toEqual([at.tag, at.text, true])
      if (links.includes(at.text)) walked.push(at.text)
    }
    expect(walked).toEqual(links)

    for (let place = 1; place < links.length; place += 1) {
      const link = page.getByRole('navigation').getByRole('link').nth(place)
      await link.focus()
      await page.keyboard.press('Enter')
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
      await waitFor(`${links[place]} to be the page`, async () => {
        if ((await link.getAttribute('aria-current')) !== 'page') return false
        // With the number of requests that wait before it.
        const title = (await page.title()).replace(/^\(\d+\) /, '')
        return title === `${await page.locator('h1').textContent()} · Granary`
      })
    }
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)

  it('says which build it is, and where trust ends', async () => {
    const page = await open('en', null)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(world.api)
    await page.getByRole('heading', { name: 'Connect a wallet' }).waitFor()
    const line = page.getByTestId('build')
    await line.scrollIntoViewIfNeeded()
    await line.getByTitle(BUILD.cid).waitFor()
    await line.getByRole('button', { name: 'Copy the build’s CID' }).focus()
    await page.keyboard.press('Enter')
    await line.getByText('Copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(BUILD.cid)

    await page.getByRole('link', { name: 'Where trust ends' }).click()
    await page.getByRole('heading', { level: 1, name: 'Where trust ends' }).waitFor()
    await page.getByText(`granary verify-web ${world.api}`).waitFor()
    await page.getByText(BUILD.cid, { exact: true }).waitFor()
    await page.getByText('Any 2 of the 3 custodians together').waitFor()
    await page.getByRole('heading', { name: 'Whom you have to trust' }).waitFor()
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)

  it.each([
    ['says nothing', '', 404],
    ['says something else', JSON.stringify({ cid: '<img src=x onerror=alert(1)>' }), 200],
  ])(
    'shows no build where the server %s',
    async (_, body, status) => {
      const page = await open('en', null)
      await page.route('**/build.json', (route) =>
        route.fulfill({ status, body, contentType: 'application/json' }),
      )
      await page.goto(new URL('/trust', world.api).href)
      await page.getByText('This server does not say which build it serves.').waitFor()
      await page.getByTestId('build').scrollIntoViewIfNeeded()
      expect(await page.getByTestId('build').textContent()).toBe('')
      await page.context().close()
    },
    240_000,
  )
})
