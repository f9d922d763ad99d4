// What a page looks like when something is amiss: while it waits, when nobody answers, and when somebody says no.
import type { Locator, Page, Route } from 'playwright-core'
import type { InjectedWallet } from '../support/web.js'

/** Which of the pictures are meant: pages as they are, or in one of these states. */
export type State = 'fine' | 'loading' | 'failing' | 'offline' | 'refused'

/** The API answers this page what it must know to show anything at all: which network it is, and who is signed in. */
const FRAME = /\/v1\/(network|auth\/session)$/
const API = '**/v1/**'
const LONG_MS = 30_000

const hang = () => new Promise<void>(() => {})
const refuse = (status: number, code: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status, code, title: code, detail: 'Out of order, for a picture.' }),
  })

const exceptFrame = (answer: (route: Route) => Promise<void>) => (route: Route) =>
  FRAME.test(new URL(route.request().url()).pathname) ? route.continue() : answer(route)

/** The page's own headline is there; some have none before they know what they are about. */
const begun = (page: Page) =>
  page
    .locator('main h1')
    .first()
    .waitFor({ timeout: 6_000 })
    .catch(() => {}) // seen as it is

/** What was asked is asked three times before the page says that it failed; a page that asks nothing says nothing. */
const told = (page: Page) =>
  page
    .getByRole('alert')
    .first()
    .waitFor({ timeout: 6_000 })
    .then(
      () => page.waitForTimeout(1_500), // others of its questions fail a little later
      () => {},
    )

/** Opens a page while its questions wait, or are refused, or with its network gone once it is there. */
export const opened: Record<
  Exclude<State, 'fine' | 'refused'>,
  (page: Page, url: string) => Promise<void>
> = {
  async loading(page, url) {
    await page.route(API, exceptFrame(hang))
    await page.goto(url)
    await begun(page)
  },
  async failing(page, url) {
    await page.route(API, exceptFrame(refuse(503, 'CHAIN_UNAVAILABLE')))
    await page.goto(url)
    await begun(page)
    await told(page)
  },
  async offline(page, url) {
    await page.goto(url)
    await begun(page)
    await page.route(API, (route) => route.abort())
    // As when one comes back to the tab: everything is asked for again.
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
    await told(page)
  },
}

/** One thing that somebody says no to, and how it comes to that. It ends with the no on the screen. */
export interface Refusal {
  name: string
  path: string
  who: 'nobody' | 'contributor'
  /** of somebody who is not signed in: whether their browser has a wallet */
  hasWallet?: boolean
  act: (page: Page, url: string, wallet: InjectedWallet | null) => Promise<void>
}

const inDialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]').first()

/** Opens the first dialog with this text on its button and presses its last button, whatever the language. */
async function askInDialog(page: Page, url: string, opener: RegExp): Promise<void> {
  await page.goto(url)
  await page.locator('main button[aria-haspopup=dialog]').filter({ hasText: opener }).first().click()
  const dialog = inDialog(page)
  await dialog.waitFor()
  await dialog.locator('button:not([aria-disabled=true])').last().click()
}

const said = (where: Page | Locator) => where.locator('[role=alert], [role=status][class*=notice]')

async function contribute(page: Page, url: string): Promise<void> {
  await page.goto(url)
  const buffer = Buffer.from('day,steps\n2026-11-01,8000\n')
  await page.getByTestId('files').setInputFiles([{ name: 'steps.csv', mimeType: 'text/csv', buffer }])
  await page.locator('input[name=pool]').first().check()
  await page.locator('input[name=evaluation]').check()
  await page.locator('form button[type=submit]').click()
}

export const REFUSALS: readonly Refusal[] = [
  {
    name: 'nobody answers',
    path: '/',
    who: 'nobody',
    async act(page, url) {
      await page.route(API, (route) => route.abort())
      await page.goto(url)
      await page.getByRole('alert').waitFor({ timeout: LONG_MS })
    },
  },
  {
    name: 'no wallet',
    path: '/',
    who: 'nobody',
    async act(page, url) {
      await page.route('**/v1/network', async (route) => {
        const answer = await route.fetch()
        await route.fulfill({ response: answer, json: { ...(await answer.json()), development: false } })
      })
      await page.goto(url)
      await page.locator('h2').first().waitFor()
    },
  },
  {
    name: 'signing in refused',
    path: '/',
    who: 'nobody',
    hasWallet: true,
    async act(page, url, wallet) {
      wallet!.rejects = (method) => method === 'personal_sign'
      await page.goto(url)
      await page.getByRole('button', { name: wallet!.name, exact: true }).click()
      await page.getByRole('button', { name: new RegExp(`${wallet!.name}$`) }).click()
      await page.locator('main [role=status]').first().waitFor()
    },
  },
  {
    name: 'the chain is away',
    path: '/data',
    who: 'contributor',
    async act(page, url) {
      await page.route('**/v1/network', async (route) => {
        const answer = await route.fetch()
        const told = await answer.json()
        await route.fulfill({
          response: answer,
          json: { ...told, head: { ...told.head, behindSeconds: 10_800, unreadSeconds: 10_800 } },
        })
      })
      await page.goto(url)
      await said(page).first().waitFor()
    },
  },
  {
    name: 'another chain',
    path: '/',
    who: 'contributor',
    async act(page, url, wallet) {
      wallet!.chainId = 1
      await page.goto(url)
      await said(page).first().waitFor()
    },
  },
  {
    name: 'file refused',
    path: '/',
    who: 'contributor',
    async act(page, url) {
      await page.route('**/v1/uploads', refuse(413, 'UPLOAD_TOO_LARGE'))
      await contribute(page, url)
      await page.getByRole('alert').first().waitFor({ timeout: LONG_MS })
    },
  },
  {
    name: 'contribution refused',
    path: '/',
    who: 'contributor',
    async act(page, url, wallet) {
      wallet!.rejects = true
      await contribute(page, url)
      await page.getByRole('alert').first().waitFor({ timeout: LONG_MS })
    },
  },
  {
    name: 'session over',
    path: '/',
    who: 'contributor',
    async act(page, url) {
      await page.route('**/v1/uploads', refuse(401, 'SESSION_EXPIRED'))
      await contribute(page, url)
      await page.getByRole('alert').first().waitFor({ timeout: LONG_MS })
    },
  },
  {
    name: 'withdrawal refused',
    path: '/data',
    who: 'contributor',
    async act(page, url, wallet) {
      wallet!.rejects = true
      await askInDialog(page, url, /^(Withdraw|Retirer)/)
      await said(inDialog(page)).first().waitFor()
    },
  },
]
