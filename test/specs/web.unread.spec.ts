import type { DatasetResource } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page, Route } from 'playwright-core'
import { findings, overflow } from '../support/accessibility.js'
import { launchChromium } from '../support/chromium.js'
import { type Contributing, openContributing, rye } from '../support/contributing.js'
import { sharedWorld, type World } from '../support/world.js'

// What cannot be read now is said to be so, with no amounts that nobody told; it is asked for again and comes by itself.
// Whose session ended hears what to do, and loses nothing.

let world: World
let browser: Browser
let at: Contributing
let page: Page & { faults: string[] }
let dataset: DatasetResource

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
  at = await openContributing(world, browser, await world.createPool())
  page = at.page
}, 240_000)
afterAll(async () => {
  await browser?.close()
  world?.close()
})

const away = (route: Route) =>
  route.fulfill({
    status: 503,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', status: 503, code: 'NOT_READY', title: 'Not now.' }),
  })

describe('a session that ended before a file was uploaded', () => {
  it('is told in words, and what is sealed goes on after signing in again', async () => {
    await page.evaluate(() => fetch('/v1/auth/session', { method: 'DELETE' }))
    await at.contribute(rye)
    await page.getByRole('alert').getByText('Reload the page and sign in again.').waitFor()
    await page.reload()
    await page.getByRole('button', { name: /^Sign in with/ }).click()
    await at.button('Continue rye').click()
    await at.registered()
    dataset = (await at.datasets())[0]!
    expect(dataset.metadata?.title).toBe('rye')
  }, 240_000)
})

describe('a dataset that cannot be read', () => {
  it('comes by itself once it can', async () => {
    const address = `**/v1/datasets/${dataset.id}`
    await page.route(address, away)
    await page.goto(`${world.api}/data/${dataset.id}`)
    await page.getByRole('alert').getByText('this page keeps trying').waitFor()
    await page.unroute(address)
    await at.heading('rye').waitFor()
  }, 240_000)
})

describe('a balance that cannot be read', () => {
  const amounts = () => page.getByTestId('claimable')

  it('shows no amounts until it can, and says of those it has that they may be old', async () => {
    await page.route('**/v1/rewards/*', away)
    await page.goto(`${world.api}/rewards`)
    await page.getByText('Your rewards cannot be read right now.').waitFor()
    expect(await amounts().count()).toBe(0)
    expect(await findings(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.unroute('**/v1/rewards/*')
    await amounts().waitFor()
    await page.route('**/v1/rewards/*', away)
    await page.getByText('What is shown here may be old').waitFor()
    expect(await amounts().count()).toBe(1)
    expect(page.faults).toEqual([])
    await page.unroute('**/v1/rewards/*')
  }, 240_000)
})

describe('somebody who comes back', () => {
  it('is not shown the way in while their session is looked for', async () => {
    await page.addInitScript(() => {
      const seen = new Set<string>()
      Object.assign(window, { testHeadlines: seen })
      new MutationObserver(() => seen.add(document.querySelector('h1')?.textContent ?? '')).observe(
        document,
        {
          subtree: true,
          childList: true,
        },
      )
    })
    // The session's answer comes last.
    let ready = () => {}
    const network = new Promise<void>((resolve) => {
      ready = resolve
    })
    await page.route('**/v1/auth/session', async (route) => {
      await network
      await route.continue()
    })
    const told = page.waitForResponse('**/v1/network')
    await page.goto(`${world.api}/rewards`, { waitUntil: 'commit' })
    await (await told).finished()
    ready()
    await at.heading('Rewards').waitFor()
    const seen = await page.evaluate(() => [
      ...(window as unknown as { testHeadlines: Set<string> }).testHeadlines,
    ])
    expect(seen.filter((headline) => headline !== '')).toEqual(['Rewards'])
  }, 240_000)
})
