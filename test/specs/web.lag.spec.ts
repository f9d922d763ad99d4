import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { findings, overflow } from '../support/accessibility.js'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { launchChromium } from '../support/chromium.js'
import { FaultyRpc } from '../support/faulty-rpc.js'
import { openPage } from '../support/web.js'

// The page says how old what it shows is while the API is behind the chain, and stops saying it afterwards.

let network: ApiNetwork
let rpc: FaultyRpc
let api: ApiProcess
let browser: Browser

beforeAll(async () => {
  network = await ApiNetwork.start()
  rpc = await FaultyRpc.start(network.chain.rpcUrl)
  api = await network.startApi({ RPC_URL: rpc.url })
  await caughtUp(api, await network.chain.provider.getBlockNumber())
  browser = await launchChromium()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await network?.end()
  await rpc?.end()
}, 240_000)

describe('the page while the chain cannot be reached', () => {
  it('says how old it is, at both widths without fault, and is quiet again once it is not', async () => {
    const page = await openPage(browser, { viewport: { width: 1280, height: 800 } })
    await page.goto(api.url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page
      .getByText(/^What you see is/)
      .first()
      .waitFor({ state: 'detached' })
    rpc.fail('hang')
    // It says so from half a minute on, and asks every twenty seconds.
    await page.getByText(/^What you see is \d+ (seconds|minutes?) old$/).waitFor({ timeout: 120_000 })
    await page.getByText('cannot reach the chain').waitFor()
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await overflow(page)).toBe(0)
      expect(await findings(page)).toEqual([])
      const folder = process.env.GRANARY_TEST_SCREENSHOTS
      if (folder) await page.screenshot({ path: `${folder}/lag-${width}.png` })
    }
    rpc.heal()
    await page.getByText(/^What you see is/).waitFor({ state: 'detached', timeout: 90_000 })
    expect(page.faults).toEqual([])
    await page.context().close()
  }, 240_000)
})
