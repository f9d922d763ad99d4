import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { makeMembers } from '../support/members.js'
import { textsOf } from '../support/message-tables.js'
import { webPages } from '../support/pages.js'
import { fillForm, type InjectedWallet, injectWallet, openPage } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

const WEB = join(import.meta.dirname, '../../apps/web/src')
/** What the page would say in English: whole sentences, which no name or title happens to be. */
const ENGLISH = readdirSync(WEB, { recursive: true, encoding: 'utf8' })
  .filter((name) => /messages\.ts$/.test(name))
  .flatMap((name) => textsOf(readFileSync(join(WEB, name), 'utf8')))
  .map((text) => text.replace(/\s+/g, ' ').trim())
  .filter((text) => text.split(' ').length > 3)

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let wallet: InjectedWallet
let amelie: Actor
let pool: number

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  amelie = await newContributor(world, 'Amélie')
  pool = await world.createPool()
  page = await openPage(browser, { locale: 'fr-FR', viewport: { width: 1280, height: 900 } })
  wallet = await injectWallet(page, { wallet: amelie.wallet, rpc: world.rpc })
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

/** The English texts that are on the page. */
const english = async () => {
  const said = ((await page.locator('body').textContent()) ?? '').replace(/\s+/g, ' ')
  return ENGLISH.filter((text) => said.includes(text))
}

describe('the web page, for somebody whose browser speaks French', () => {
  it('is French from the first word on, and says so to screen readers', async () => {
    await page.goto(world.api)
    await page.getByRole('heading', { name: 'Connecter un portefeuille' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('fr')
    expect(await english()).toEqual([])
    await page.getByRole('button', { name: wallet.name, exact: true }).click()
    await page.getByRole('region', { name: 'Le texte à signer' }).waitFor()
    await page.getByRole('button', { name: `Se connecter avec ${wallet.name}` }).click()
    await page.getByRole('heading', { level: 1, name: 'Votre grenier' }).waitFor()
    expect(await page.title()).toBe('Votre grenier · Granary')
  }, 240_000)

  it('contributes in French, with amounts, sizes and plurals as French has them', async () => {
    const form = page.locator('main')
    await fillForm(page, {
      files: [
        { name: 'avoine.txt', mimeType: 'text/plain', buffer: Buffer.alloc(1_500, 'a') },
        { name: 'orge.txt', mimeType: 'text/plain', buffer: Buffer.from('orge') },
      ],
      pool,
      purposes: ['evaluation'],
    })
    await form.getByText('1,5\u00a0ko').first().waitFor()
    await form.getByText('4\u00a0octets').first().waitFor()
    await form.getByText('1\u00a0gUSD').first().waitFor()
    expect(await english()).toEqual([])
    await page.getByRole('button', { name: /2 fichiers$/ }).click()
    await page.getByRole('heading', { name: 'Vos 2 jeux de données sont enregistrés' }).waitFor()
  }, 240_000)

  it('shows every page in French, with dates as French has them', async () => {
    const expires = new Date(Date.UTC(2031, 7, 14, 12))
    const terms = { pool, purposes: ['evaluation' as const], expires, ask: true, name: 'seigle' }
    await contributeBytes(amelie, Buffer.from('seigle'), terms)
    const tess = await newTrainer(world, { name: 'Tess' })
    await tess.client.requests.open({ pool, purposes: ['evaluation'], recipient: tess.recipient })
    for (const { path } of (await webPages()).filter((one) => !one.path.includes(':'))) {
      await page.goto(new URL(path, world.api).href)
      await page.locator('h1').waitFor()
      await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => {}) // live pages never rest
      expect([path, await english()]).toEqual([path, []])
    }
    await page.goto(new URL('/data', world.api).href)
    await page.getByText('14 août 2031').first().waitFor()
    await page.goto(new URL('/inbox', world.api).href)
    await page.getByRole('heading', { name: 'Tess demande «\u00a0seigle\u00a0»' }).waitFor()
  }, 240_000)

  it('says in French what a proposal would do, to the last digit', async () => {
    await makeMembers(world, [amelie], parseEther('2'))
    const price = parseEther('3.50001')
    const { id } = await amelie.client.governance.create({
      calls: [{ action: 'pool-price', arguments: { pool, price } }],
      description: 'Le seigle est rare.',
    })
    await page.goto(new URL(`/members/proposals/${id}`, world.api).href)
    const says = `Fixer à 3,50001 gUSD par utilisation le prix du pool ${pool}`
    await page.getByText(says).waitFor()
    expect(await english()).toEqual([])
    await page.goto(new URL('/members', world.api).href)
    await page.getByRole('link', { name: says }).waitFor()
    await page.goto(new URL('/inbox', world.api).href)
    await page.getByRole('heading', { level: 1, name: 'Demandes' }).waitFor()
  }, 240_000)

  it('changes to English and back at the foot of the page, and keeps what was chosen', async () => {
    await page.getByRole('combobox', { name: 'Langue' }).selectOption('en')
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor()
    await page.getByRole('combobox', { name: 'Language' }).selectOption('fr')
    await page.getByRole('heading', { level: 1, name: 'Demandes' }).waitFor()
  }, 240_000)
})

describe('the web page, for somebody whose browser speaks another language', () => {
  it.each([
    ['de-DE', 'en', 'Connect a wallet'],
    ['fr-CA', 'fr', 'Connecter un portefeuille'],
  ])(
    'is the nearest that there is: %s',
    async (locale, lang, heading) => {
      const other = await openPage(browser, { locale })
      const scripts: string[] = []
      other.on('request', (request) => scripts.push(request.url()))
      await other.goto(world.api)
      await other.getByRole('heading', { name: heading }).waitFor()
      expect(await other.locator('html').getAttribute('lang')).toBe(lang)
      // French texts are nobody's load but theirs who read them.
      expect(scripts.some((url) => /\/french-[\w-]+\.js$/.test(url))).toBe(lang === 'fr')
      await other.context().close()
    },
    240_000,
  )
})
