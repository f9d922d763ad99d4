// `npm run screenshots`: every page of the web app and its dialogs, as pictures. scripts/screenshots.mjs reads the
// command line and starts this.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Actor } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { filled, type WebPage, webPages } from '../support/pages.js'
import { type InjectedWallet, injectWallet, openPage } from '../support/web.js'
import { startWorld, type World } from '../support/world.js'
import { contactSheet, type Shot } from './sheet.js'
import { type Told, tellStory } from './story.js'
import { opened, REFUSALS, type State } from './troubles.js'

interface Wish {
  out: string
  widths: number[]
  themes: ('light' | 'dark')[]
  people: ('nobody' | 'contributor' | 'trainer' | 'member')[]
  /** a part of the paths that are meant; empty = all */
  only: string
  states: State[]
  language: 'en' | 'fr'
}

const wish = JSON.parse(process.argv[2]!) as Wish
const SETTLED_MS = 15_000
/** dialogs of one page, each by the first button that opens it */
const MOST_DIALOGS = 6

const say = (line: string) => process.stderr.write(`${line}\n`)

/** The page has come to rest: its headline is there, nothing says that it is being fetched, and its letters are drawn. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ timeout: SETTLED_MS })
  await page.waitForLoadState('networkidle', { timeout: SETTLED_MS }).catch(() => {}) // live pages never rest
  await page.evaluate(() => document.fonts.ready)
  // What is fetched when it comes into view.
  await page.locator('footer').scrollIntoViewIfNeeded()
  await page.waitForLoadState('networkidle', { timeout: SETTLED_MS }).catch(() => {}) // as above
  await page.evaluate(() => window.scrollTo(0, 0))
}

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, '-')
    .replace(/^-|-$/g, '') || 'first'

/** Whatever language the page is in. */
async function signIn(page: Page, world: World, who: Actor): Promise<InjectedWallet> {
  const injected = await injectWallet(page, { wallet: who.wallet, rpc: world.rpc })
  await page.goto(world.api)
  await page.getByRole('button', { name: injected.name, exact: true }).click()
  await page.getByRole('button', { name: new RegExp(`${injected.name}$`) }).click()
  // Only who is signed in has an inbox.
  await page.locator('nav a[href="/inbox"]').waitFor()
  return injected
}

/** Pictures of what is on the screen, in each theme. */
async function take(
  page: Page,
  shot: Omit<Shot, 'file' | 'theme'>,
  shots: Shot[],
  fullPage = shot.dialog === '',
): Promise<void> {
  for (const theme of wish.themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const parts = [shot.page, shot.who, shot.dialog, shot.width, theme]
    const file = `${parts.filter(Boolean).map(String).map(slug).join('_')}.png`
    await page.screenshot({
      path: join(wish.out, file),
      fullPage,
      animations: 'disabled',
    })
    shots.push({ ...shot, file, theme })
  }
}

/** What opens a dialog and can be pressed now. */
const DIALOG_BUTTONS = 'main button[aria-haspopup=dialog]:not([aria-disabled=true]):visible'

/** What opens dialogs on this page, one button of each kind. */
async function dialogButtons(page: Page): Promise<string[]> {
  const labels = await page
    .locator(DIALOG_BUTTONS)
    .evaluateAll((buttons) => buttons.map((button) => button.textContent?.trim() ?? ''))
  return [...new Set(labels)].filter((label) => label !== '').slice(0, MOST_DIALOGS)
}

/** The dialog behind a button, once it no longer says that it is reading something. */
async function takeDialog(page: Page, shot: Omit<Shot, 'file' | 'theme'>, shots: Shot[]): Promise<void> {
  await page.locator(DIALOG_BUTTONS).filter({ hasText: shot.dialog }).first().click()
  const dialog = page.locator('[role=dialog], [role=alertdialog]').first()
  const opened = await dialog.waitFor({ timeout: SETTLED_MS }).then(
    () => true,
    () => false,
  )
  if (!opened) return
  await page.waitForLoadState('networkidle', { timeout: SETTLED_MS }).catch(() => {}) // as above
  const reading = dialog.locator('[role=status]').filter({ hasText: /…$/ })
  await reading
    .first()
    .waitFor({ state: 'hidden', timeout: SETTLED_MS })
    .catch(() => {}) // seen as it is
  await take(page, shot, shots)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
}

/** The form of a contribution once a file is chosen, which is most of that page. */
async function takeForm(
  page: Page,
  shot: Pick<Shot, 'page' | 'who' | 'width'>,
  shots: Shot[],
): Promise<void> {
  const buffer = Buffer.from('day,steps\n2026-11-01,8000\n2026-11-02,9500\n')
  await page.getByTestId('files').setInputFiles([{ name: 'steps.csv', mimeType: 'text/csv', buffer }])
  await page.locator('input[name=evaluation]').waitFor({ timeout: SETTLED_MS })
  await settled(page)
  await take(page, { ...shot, dialog: 'a file chosen' }, shots, true)
}

async function pageFor(browser: Browser, world: World, told: Told, who: Wish['people'][number]) {
  const page = await openPage(browser, { viewport: { width: 1280, height: 900 } })
  await page.addInitScript((language) => localStorage.setItem('granary.language', language), wish.language)
  const wallet = who === 'nobody' ? null : await signIn(page, world, told[who])
  return { page, wallet }
}

const resize = (page: Page, width: number) => page.setViewportSize({ width, height: width < 600 ? 844 : 900 })

/** Each page while its questions wait, are refused, or are not answered any more. */
async function takeStates(page: Page, url: string, shot: Omit<Shot, 'file' | 'theme'>, shots: Shot[]) {
  for (const state of wish.states) {
    if (state === 'fine' || state === 'refused') continue
    try {
      await opened[state](page, url)
      await take(page, { ...shot, dialog: state }, shots, true)
    } finally {
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    }
  }
}

/** What somebody says no to, each on a page and with a wallet of its own. */
async function lookAtRefusals(browser: Browser, world: World, told: Told): Promise<Shot[]> {
  const shots: Shot[] = []
  const meant = REFUSALS.filter(({ who, path }) => wish.people.includes(who) && path.includes(wish.only))
  for (const { name, path, who, hasWallet, act } of meant) {
    for (const width of wish.widths) {
      const { page, wallet: own } = await pageFor(browser, world, told, who)
      const wallet = hasWallet ? await injectWallet(page) : own
      await resize(page, width)
      await act(page, new URL(path, world.api).href, wallet)
      await take(page, { page: path, who, width, dialog: name }, shots)
      await page.context().close()
    }
  }
  say(`refusals: ${shots.length} pictures`)
  return shots
}

async function lookAs(
  browser: Browser,
  world: World,
  told: Told,
  who: Wish['people'][number],
  pages: readonly WebPage[],
): Promise<Shot[]> {
  const shots: Shot[] = []
  const { page } = await pageFor(browser, world, told, who)
  for (const { path, open } of pages) {
    const to = filled(path, told.ids)
    if (to === null) {
      say(`  ${path}: the story has nothing for it`)
      continue
    }
    // What needs a session is the first view for everybody who has none.
    if (who === 'nobody' && !open && path !== '/') continue
    // Each width opens the page anew: some of it is decided by the width at which it opens.
    for (const width of wish.widths) {
      await resize(page, width)
      const url = new URL(to, world.api).href
      await takeStates(page, url, { page: path, who, width, dialog: '' }, shots)
      if (!wish.states.includes('fine')) continue
      await page.goto(url)
      await settled(page)
      await take(page, { page: path, who, width, dialog: '' }, shots)
      if (path === '/' && who === 'contributor') await takeForm(page, { page: path, who, width }, shots)
      for (const label of await dialogButtons(page))
        await takeDialog(page, { page: path, who, width, dialog: label }, shots)
    }
  }
  for (const fault of page.faults) say(`  ${who}: ${fault}`)
  await page.context().close()
  say(`${who}: ${shots.length} pictures`)
  return shots
}

mkdirSync(wish.out, { recursive: true })
rmSync(join(wish.out, 'index.html'), { force: true })
const pages = (await webPages()).filter(({ path }) => path.includes(wish.only))
if (pages.length === 0) {
  say(`no page has ${wish.only} in its path`)
  process.exit(1)
}
say('starting a network of its own')
const world = await startWorld()
const stop = () => void world.end().finally(() => process.exit(1))
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
let browser: Browser | undefined
try {
  say('telling a story')
  const told = await tellStory(world)
  browser = await launchChromium()
  const shots: Shot[] = []
  for (const who of wish.people) shots.push(...(await lookAs(browser, world, told, who, pages)))
  if (wish.states.includes('refused')) shots.push(...(await lookAtRefusals(browser, world, told)))
  writeFileSync(join(wish.out, 'index.html'), contactSheet(shots))
  say(`${shots.length} pictures in ${wish.out}`)
  console.log(join(wish.out, 'index.html'))
} catch (error) {
  say((error as Error).stack ?? String(error))
  process.exitCode = 1
} finally {
  await browser?.close()
  await world.end()
}
