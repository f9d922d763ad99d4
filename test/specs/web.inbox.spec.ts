import type { Hex, InboxPage } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import type { Browser, Page } from 'playwright-core'
import { findings } from '../support/accessibility.js'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { launchChromium } from '../support/chromium.js'
import { expectLegible } from '../support/looks.js'
import { goTo, type InjectedWallet, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World, waitFor } from '../support/world.js'

// The inbox in the web page: several answers at once, always for a trainer, history, notices of the browser. Alice’s
// wallet announces itself and really signs.

let world: World
let browser: Browser
let page: Page & { faults: string[] }
let alice: Actor
let wallet: InjectedWallet
let trent: Actor
let tess: Actor
let pool: number

const give = (text: string) =>
  contributeBytes(alice, new TextEncoder().encode(text), {
    pool,
    purposes: ['evaluation'],
    expires: null,
    ask: true,
  })
const asks = (trainer: Actor, datasets?: Hex[]) =>
  trainer.client.requests.open({
    pool,
    purposes: ['evaluation'],
    recipient: trainer.recipient,
    ...(datasets ? { datasets } : {}),
  })
const button = (name: string | RegExp) => page.getByRole('button', { name })
const signatures = () => wallet.asked.filter((method) => method === 'eth_signTypedData_v4').length

/** A browser that has (or has not) been allowed to show notifications, and what it was told to show. */
async function watched(permission: 'granted' | 'denied' | 'default'): Promise<Page & { faults: string[] }> {
  const opened = await openPage(browser, { viewport: { width: 1280, height: 900 } })
  await opened.addInitScript((state) => {
    const shown: { title: string; body: string }[] = []
    const badges: number[] = []
    class Told {
      static permission = state
      static async requestPermission() {
        Told.permission = state === 'default' ? 'granted' : state
        return Told.permission
      }
      constructor(title: string, { body }: { body: string }) {
        shown.push({ title, body })
      }
      close() {}
    }
    Object.assign(window, { Notification: Told, told: shown, badges })
    Object.assign(navigator, {
      setAppBadge: async (count: number) => void badges.push(count),
      clearAppBadge: async () => void badges.push(0),
    })
  }, permission)
  return opened
}

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  pool = await world.createPool({ price: parseEther('2') })
  alice = await newContributor(world, 'Alice')
  trent = await newTrainer(world, { name: 'Trent Models' })
  tess = await newTrainer(world, { name: 'Tess Tests' })
  for (const text of ['one', 'two', 'three']) await give(text)
  page = await watched('default')
  wallet = await injectWallet(page, { wallet: alice.wallet, rpc: world.rpc })
  await signIn(page, world.api, wallet)
  await goTo(page, 'Inbox')
}, 240_000)
afterAll(async () => {
  expect(page?.faults).toEqual([])
  await browser?.close()
  world?.close()
})

describe('notices', () => {
  it('asks only on a click, and tells of what is new, in the title, on the icon and in the navigation', async () => {
    await page.getByText('Nobody is asking for your datasets right now').waitFor()
    expect(await page.evaluate(() => Notification.permission)).toBe('default')
    await button('Tell me in this browser').click()
    await page.getByText('Your browser tells you of new requests').waitFor()
    await asks(trent)
    await page.getByTestId('waiting').getByText('3').waitFor()
    await waitFor('the title', async () => (await page.title()) === '(3) Inbox · Granary')
    const shown = () =>
      page.evaluate(() => {
        const { told, badges } = window as unknown as { told: { title: string }[]; badges: number[] }
        return { told: told.map(({ title }) => title), badge: badges.at(-1) }
      })
    await waitFor('the notice and the badge', async () => {
      const { told, badge } = await shown()
      return told.length > 0 && badge === 3
    })
    expect((await shown()).told).toEqual(['3 requests wait for your answer'])
  }, 240_000)

  it('does not tell of the same again after a reload, and works where notifications are refused', async () => {
    await page.reload()
    await page.getByTestId('waiting').getByText('3').waitFor()
    const other = await watched('denied')
    await signIn(other, world.api, await injectWallet(other, { wallet: alice.wallet, rpc: world.rpc }))
    await goTo(other, 'Inbox')
    await other.getByText('Your browser was told not to show notifications').waitFor()
    await other
      .getByRole('button', { name: 'Tell me in this browser' })
      .first()
      .waitFor({ state: 'detached' })
    await waitFor('the title', async () => (await other.title()) === '(3) Inbox · Granary')
    expect(other.faults).toEqual([])
    await other.context().close()
    // It had the time for it by now.
    expect(await page.evaluate(() => (window as unknown as { told: unknown[] }).told)).toEqual([])
  }, 240_000)
})

describe('several at once', () => {
  it('is easy to read, wide and narrow, in both themes', async () => {
    await button('Always for this trainer, Trent Models').waitFor()
    await expectLegible(page, 'inbox')
  }, 240_000)

  it('says who asks, since when it is approved and what it did before', async () => {
    const group = page.getByTestId(`trainer-${trent.address}`)
    await group.getByRole('heading', { name: 'Trent Models', exact: true }).waitFor()
    await group
      .getByText(/Approved since .* So far one request for 3 datasets, 0 used, 0 gUSD paid\./)
      .waitFor()
    await group.getByText('pays 2 gUSD').first().waitFor()
  })

  it('signs nothing that is another on chain than the server says', async () => {
    await page.route('**/v1/approvals?*', async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as InboxPage
      for (const { request } of body.items) request.price = String(parseEther('9'))
      await route.fulfill({ response: answer, json: body })
    })
    await page.getByText('pays 9 gUSD').first().waitFor()
    await page.getByLabel('Choose all that wait').check()
    await button('Yes to the 3 chosen').click()
    await page.getByText('On chain this request is another').waitFor()
    await button('Yes, release all 3').first().waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.unroute('**/v1/approvals?*')
    await page.getByText('pays 2 gUSD').first().waitFor()
  }, 240_000)

  it('stops at the first no of the wallet, and says what was answered before', async () => {
    const before = signatures()
    wallet.rejects = (method) => method === 'eth_signTypedData_v4' && signatures() === before + 2
    await button('Yes to the 3 chosen').click()
    await page.getByText('Together they pay 6 gUSD.').waitFor()
    expect(await findings(page, ['wcag2a', 'wcag2aa'])).toEqual([])
    await button('Yes, release all 3').click()
    await page.getByText('1 of 3 were answered. The rest still waits.').waitFor()
    wallet.rejects = false
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.getByText('You said yes to one request.').waitFor()
    await page.getByText('2 wait for your answer.').waitFor()
  }, 240_000)

  it('says that a no is final, and takes it for those that were chosen', async () => {
    const line = page
      .getByRole('listitem')
      .filter({ has: page.getByText('Waits for you') })
      .first()
    await line.getByRole('checkbox').check()
    await button('No to the chosen one').click()
    await page.getByText('A no is final').waitFor()
    await button('No, for good').click()
    await page.getByText('You said no to one request, for good.').waitFor()
    expect(JSON.parse(wallet.shown).message).toMatchObject({ granted: false })
    await page.getByText('One request waits for your answer.').waitFor()
  }, 240_000)
})

describe('always for a trainer', () => {
  it('says what it can and what it cannot, and answers what waits', async () => {
    await button('Always for this trainer, Trent Models').click()
    await page.getByText('It cannot answer by itself').waitFor()
    await button('Yes, release it').click()
    await page.getByText('You want to say yes to this trainer.').waitFor()
  }, 240_000)

  it('puts the next request of this trainer first, with a yes by one click, and remembers after a reload', async () => {
    await asks(trent)
    await asks(tess)
    await page.reload()
    const groups = page.locator('[data-testid^="trainer-"]')
    await groups.filter({ hasText: 'Tess Tests' }).waitFor()
    await button(/^Say yes to Trent Models/)
      .first()
      .waitFor()
    expect(await groups.first().getAttribute('data-testid')).toBe(`trainer-${trent.address}`)
    await button(/^Say yes to Tess Tests/)
      .first()
      .waitFor({ state: 'detached' })
    const before = signatures()
    await button(/^Say yes to Trent Models/)
      .first()
      .click()
    await page.getByText(/You said yes: the key of .* can be released/).waitFor()
    expect(signatures()).toBe(before + 1)
    await button('No longer').click()
    await waitFor('no quick yes', async () => (await button(/^Say yes to Trent Models/).count()) === 0)
  }, 240_000)
})

describe('the history', () => {
  it('has every answer, newest first, after a reload too', async () => {
    const answers = page.getByRole('region', { name: 'What you answered' })
    await page.reload()
    await answers
      .getByText(/^Yes to Trent Models/)
      .first()
      .waitFor()
    await answers
      .getByText(/^No to Trent Models/)
      .first()
      .waitFor()
    const told = []
    for await (const { status } of alice.client.inbox.history()) told.push(status)
    expect(told).toEqual(['granted', 'granted', 'refused', 'granted'])
    await answers.getByText('not used so far').first().waitFor()
  }, 240_000)
})
