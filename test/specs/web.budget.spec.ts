import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.js'
import { tasksDuring } from '../support/long-tasks.js'
import { fillForm, goTo, injectWallet, openPage, signIn } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

// What the page may cost those who open it.

const SCRIPT_BYTES = 200_000
const LARGEST_PAINT_MS = 1_500
const LONGEST_TASK_MS = 50
const SEALED_BYTES = 200_000_000

let world: World
let browser: Browser

beforeAll(async () => {
  world = sharedWorld()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  world?.close()
})

/** Bytes of script as they came over the wire, compressed, with their headers. */
async function scriptOf(
  page: Page,
  visit: () => Promise<unknown>,
): Promise<{ bytes: number; files: number }> {
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script') return
    const sized = request.sizes()
    sizes.push(
      sized.then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    )
  })
  await visit()
  await page.waitForLoadState('networkidle')
  const all = await Promise.all(sizes)
  return { bytes: all.reduce((sum, size) => sum + size, 0), files: all.length }
}

describe('the first page', () => {
  it.each([
    ['en-GB', 'Connect a wallet'],
    ['fr-FR', 'Connecter un portefeuille'],
  ])('has less than 200 kB of compressed script, in %s', async (locale, heading) => {
    const page = await openPage(browser, { locale })
    const { bytes, files } = await scriptOf(page, async () => {
      await page.goto(world.api)
      await page.getByRole('heading', { name: heading }).waitFor()
    })
    console.info(`${locale}: ${bytes} bytes of script in ${files} files`)
    expect(files).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(SCRIPT_BYTES)
    await page.context().close()
  })

  it('has its largest paint within 1.5 s, at the best of five visits', async () => {
    const times: number[] = []
    for (let visit = 0; visit < 5 && !(Math.min(...times) < LARGEST_PAINT_MS); visit += 1) {
      const page = await openPage(browser)
      await page.addInitScript(() => {
        const seen = window as unknown as { largest: number }
        new PerformanceObserver((list) => {
          for (const { startTime } of list.getEntries()) seen.largest = startTime
        }).observe({ type: 'largest-contentful-paint', buffered: true })
      })
      await page.goto(world.api)
      await page.getByRole('heading', { name: 'Connect a wallet' }).waitFor()
      await page.waitForLoadState('networkidle')
      times.push(await page.evaluate(() => (window as unknown as { largest: number }).largest))
      await page.context().close()
    }
    console.info(`largest contentful paint: ${times.map(Math.round).join(', ')} ms`)
    expect(Math.min(...times)).toBeLessThan(LARGEST_PAINT_MS)
  }, 240_000)
})

describe('the page, on a slow network', () => {
  it('says that it is looking, becomes usable, and lets one sign in and contribute', async () => {
    const page = await openPage(browser)
    const network = await page.context().newCDPSession(page)
    // As developer tools have “3G”: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and as much back.
    const emulated = { offline: false, latency: 300, downloadThroughput: 200_000, uploadThroughput: 93_750 }
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', emulated)
    const wallet = await injectWallet(page)
    // What is shown until the network has answered is looked at for as long as that takes.
    let seen = () => {}
    const wasSeen = new Promise<void>((resolve) => {
      seen = resolve
    })
    await page.route('**/v1/network', async (route) => {
      await wasSeen
      await route.continue()
    })
    await page.goto(world.api, { waitUntil: 'commit' })
    await page.getByText('Looking for the network…').first().waitFor()
    seen()
    await page.getByRole('button', { name: wallet.name, exact: true }).click()
    await page.getByRole('button', { name: `Sign in with ${wallet.name}` }).click()
    await page.getByRole('heading', { name: 'Your granary' }).waitFor()
    await page.getByRole('button', { name: 'Choose files' }).waitFor()
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)
})

/**
 * The processor of a busy or slow machine takes several times as long over the same task. By how much is told by a task that
 * is always the same, running the scripts of the first view: nothing later may take longer than that, or than 50 ms.
 */
let slowestFirst = 0
const longestAllowed = () => Math.max(LONGEST_TASK_MS, slowestFirst)

describe('opening pages, loading what signs, and signing', () => {
  let pool: number
  /** By what was done, at the best of the visits so far: what others do on the machine lengthens a task now and then. */
  const longest: Record<string, number> = {}
  const tooLong = () => Object.entries(longest).filter(([, ms]) => ms >= longestAllowed())

  async function visit(): Promise<void> {
    const page = await openPage(browser)
    const wallet = await injectWallet(page, { rpc: world.rpc })
    const during = async (what: string, work: () => Promise<unknown>) => {
      const tasks = await tasksDuring(browser, work)
      expect([what, tasks.count > 0]).toEqual([what, true])
      longest[what] = Math.min(longest[what] ?? Number.POSITIVE_INFINITY, tasks.longest)
    }
    const rest = () => page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => {}) // live pages never do
    // How soon the first view is there is a matter of its largest paint, above; from then on nothing may hold it up.
    const { longest: first } = await tasksDuring(browser, async () => {
      await page.goto(world.api)
      await page.getByRole('heading', { name: 'Connect a wallet' }).waitFor()
      await rest()
    })
    console.info(`the first view's longest task: ${first.toFixed(1)} ms of the processor`)
    slowestFirst = Math.max(slowestFirst, first)
    await during('signing in', async () => {
      await page.getByRole('button', { name: wallet.name, exact: true }).click()
      await page.getByRole('button', { name: `Sign in with ${wallet.name}` }).click()
      await page.getByRole('heading', { name: 'Your granary' }).waitFor()
      await rest()
    })
    for (const name of ['Catalogue', 'Rewards', 'My data', 'Inbox', 'Training', 'Members'] as const)
      await during(name, async () => {
        await goTo(page, name)
        await rest()
      })
    await goTo(page, 'Contribute')
    await fillForm(page, {
      files: [{ name: 'rye.txt', mimeType: 'text/plain', buffer: Buffer.from('rye') }],
      pool,
      purposes: ['evaluation'],
    })
    await during('ethers and a signature', async () => {
      await page.getByRole('button', { name: 'Seal and contribute' }).click()
      await page.getByRole('heading', { name: 'Your dataset is registered' }).waitFor()
    })
    await page.context().close()
  }

  it('leave the page free: no task takes 50 ms of the processor, or as long as the first view', async () => {
    pool = await world.createPool()
    await visit()
    for (let more = 4; more > 0 && tooLong().length > 0; more -= 1) await visit()
    console.info(
      `longest tasks: ${Object.entries(longest)
        .map(([what, ms]) => `${what} ${ms.toFixed(1)}`)
        .join(', ')} ms of the processor`,
    )
    expect(tooLong()).toEqual([])
  }, 600_000)
})

describe('sealing a file of 200 MB', () => {
  let folder: string
  let file: string
  let pool: number
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'granary-budget-'))
    file = join(folder, 'large.bin')
    const part = randomBytes(1_000_000)
    for (let written = 0; written < SEALED_BYTES; written += part.length)
      writeFileSync(file, part, { flag: 'a' })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** What the page's main thread did while the file was sealed, and how long that took. */
  async function seal(): Promise<{ count: number; longest: number; waited: number; sealedIn: number }> {
    const page = await openPage(browser)
    const wallet = await injectWallet(page)
    await signIn(page, world.api, wallet)
    await fillForm(page, { files: [file], pool, purposes: ['evaluation'] })
    // So that it is seen how long sealing took: the upload begins and stays there.
    await page.route('**/v1/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? undefined : route.continue(),
    )
    await page.evaluate(() => {
      const seen = window as unknown as { tasks: number[] }
      seen.tasks = []
      new PerformanceObserver((list) => {
        seen.tasks.push(...list.getEntries().map(({ duration }) => duration))
      }).observe({ type: 'longtask' })
    })
    const began = Date.now()
    const { count, longest } = await tasksDuring(browser, async () => {
      await page.getByRole('button', { name: 'Seal and contribute' }).click()
      await page
        .getByText(/^Uploading the sealed file/)
        .first()
        .waitFor({ timeout: 120_000 })
    })
    const sealedIn = Date.now() - began
    const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks)

    console.info(
      `sealed in ${sealedIn} ms; ${count} tasks, the longest ${longest.toFixed(1)} ms of the processor; ` +
        `by the clock ${tasks.length} over 50 ms, the longest ${Math.max(0, ...tasks)} ms`,
    )
    await page.context().close()
    return { count, longest, waited: tasks.reduce((sum, duration) => sum + duration, 0), sealedIn }
  }

  it('leaves the page free: no task takes 50 ms of the processor, or as long as the first view, at the best of three', async () => {
    pool = await world.createPool()
    let best = Number.POSITIVE_INFINITY
    for (let left = 3; left > 0 && !(best < longestAllowed()); left -= 1) {
      const { count, longest, waited, sealedIn } = await seal()
      expect(count).toBeGreaterThan(10)
      expect(waited).toBeLessThan(sealedIn / 2)
      best = Math.min(best, longest)
    }
    expect(best).toBeLessThan(longestAllowed())
  }, 480_000)
})
