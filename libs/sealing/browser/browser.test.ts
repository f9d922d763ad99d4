import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../../test/support/chromium.js'
import type { TestResult } from './jest-globals.js'
import { servePage } from './serve.mjs'

describe('in Chromium', () => {
  let served: Awaited<ReturnType<typeof servePage>> | undefined
  let browser: Browser | undefined

  beforeAll(async () => {
    served = await servePage()
    browser = await launchChromium()
  }, 500_000)

  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  async function openPage(): Promise<{ page: Page; problems: string[] }> {
    const page = await browser!.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    await page.goto(served!.url)
    await page.waitForFunction(() => 'runSealingTests' in globalThis)
    return { page, problems }
  }

  it('the same tests pass as in Node, by Web Crypto and by noble', async () => {
    const { page, problems } = await openPage()
    const results: TestResult[] = []
    await page.exposeFunction('reportTest', (result: TestResult) => {
      results.push(result)
    })
    const ran = await page.evaluate(() => globalThis.runSealingTests())
    expect(problems).toEqual([])
    expect(results.filter(({ failure }) => failure !== undefined)).toEqual([])
    expect(ran).toEqual({ files: 5, cipher: 'webcrypto', secure: true })
    expect(results.length).toBeGreaterThan(350)
  }, 300_000)

  it('the native cipher is worth having: it seals and opens faster than noble', async () => {
    const { page } = await openPage()
    const speed = await page.evaluate(() => globalThis.measureSealingSpeed(16, 4))
    expect(speed['seal, native']).toBeGreaterThan(speed['seal, noble']!)
    expect(speed['open, native']).toBeGreaterThan(speed['open, noble']!)
  }, 120_000)
})
