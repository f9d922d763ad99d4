import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.js'
import { fillForm, openPage } from '../support/web.js'
import { sharedWorld, type World } from '../support/world.js'

let world: World
let browser: Browser

beforeAll(async () => {
  world = sharedWorld()
  // A name that is this machine, but not `localhost`: what a neighbour on the network would type.
  browser = await launchChromium(['--host-resolver-rules=MAP granary.test 127.0.0.1'])
})
afterAll(async () => {
  await browser?.close()
  world?.close()
})

describe('the web page, opened over http at another address than localhost', () => {
  it('says that sealing needs https or localhost, and offers no wallet', async () => {
    const page = await openPage(browser)
    await page.goto(`http://granary.test:${new URL(world.api).port}/`)
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false)
    await page.getByText('Sealing needs https or localhost').waitFor()
    await page
      .getByRole('button', { name: /wallet/i })
      .first()
      .waitFor({ state: 'detached' })
    await page.context().close()
  })
})

describe('the web page, for a newcomer without a wallet', () => {
  it('offers the development wallet, labelled as such, and contributes with it', async () => {
    const pool = await world.createPool()
    const page = await openPage(browser)
    await page.goto(world.api)
    await page.getByText('Development wallet', { exact: true }).waitFor()
    await page.getByText('their keys are public and protect nothing').waitFor()
    await page.getByRole('combobox', { name: 'Account' }).selectOption({ index: 2 })
    await page.getByRole('button', { name: 'Use the development wallet' }).click()
    await page.getByRole('button', { name: 'Sign in with Development wallet' }).click()
    await page.getByRole('heading', { name: 'Your granary' }).waitFor()

    await fillForm(page, {
      files: [
        { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
        { name: 'walk.gpx', mimeType: '', buffer: Buffer.from('<gpx/>') },
      ],
      pool,
      purposes: ['evaluation'],
    })
    await page.getByRole('button', { name: 'Seal and contribute 2 files' }).click()
    await page.getByRole('heading', { name: 'Your 2 datasets are registered' }).waitFor()

    const contributor = DEVELOPMENT_ACCOUNTS().filter(({ role }) => role === 'contributor')[2]!
    const mine = (await (
      await fetch(`${world.api}/v1/datasets?owner=${contributor.address}&pool=${pool}`)
    ).json()) as { items: { metadata: { title: string; mediaType: string; size: number } }[] }
    expect(mine.items.map(({ metadata }) => metadata).sort((a, b) => a.size - b.size)).toMatchObject([
      { title: 'empty', mediaType: 'text/plain', size: 0 },
      { title: 'walk', mediaType: 'application/gpx+xml', size: 6 },
    ])
    expect(page.faults).toEqual([])

    // Who is signed in does not see the way in again, not for a moment.
    await page.addInitScript(() => {
      const look = () => {
        if (document.body?.textContent?.includes('Connect a wallet')) sessionStorage.setItem('way-in', 'seen')
      }
      new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
    })
    await page.reload()
    await page.getByRole('heading', { name: 'Your granary' }).waitFor()
    expect(await page.evaluate(() => sessionStorage.getItem('way-in'))).toBeNull()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Connect a wallet' }).waitFor()
    await page.context().close()
  }, 240_000)

  it('says what is missing, and goes there', async () => {
    const page = await openPage(browser)
    await page.goto(world.api)
    await page.getByRole('button', { name: 'Use the development wallet' }).click()
    await page.getByRole('button', { name: 'Sign in with Development wallet' }).click()
    await page
      .getByTestId('files')
      .setInputFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') }])
    await page.getByRole('button', { name: 'Seal and contribute' }).click()
    await page.getByRole('alert').getByText('Tick at least one thing that you allow.').waitFor()
    await page.context().close()
  })
})

describe('the web page, when the network does not answer', () => {
  it('says so, keeps trying, and comes back by itself', async () => {
    const page = await openPage(browser)
    await page.route('**/v1/**', (route) => route.abort())
    await page.goto(world.api)
    await page.getByText('The network cannot be reached').waitFor()
    await page.unroute('**/v1/**')
    await page.getByRole('heading', { name: 'Connect a wallet' }).waitFor()
    await page.context().close()
  })
})

describe('what the first visit loads', () => {
  it('is compressed by the build, as the browser takes it', async () => {
    const { request } = await import('node:http')
    const answered = (path: string, encodings: string) =>
      new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
        request(new URL(path, world.api), { headers: { 'accept-encoding': encodings } }, async (answer) => {
          const parts: Buffer[] = []
          for await (const part of answer) parts.push(part)
          resolve({ headers: answer.headers, body: Buffer.concat(parts) })
        })
          .on('error', reject)
          .end()
      })
    const page = await answered('/', 'identity')
    expect(page.headers['content-encoding']).toBeUndefined()
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page.body.toString())![1]!
    const { brotliDecompressSync, gunzipSync } = await import('node:zlib')
    for (const path of ['/', script]) {
      const plain = await answered(path, 'identity')
      for (const [encoding, open] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const sent = await answered(path, encoding)
        expect(sent.headers).toMatchObject({
          'content-encoding': encoding,
          'content-type': plain.headers['content-type'],
          'cache-control': plain.headers['cache-control'],
          'content-security-policy': plain.headers['content-security-policy'],
          vary: expect.stringContaining('accept-encoding'),
        })
        expect(open(sent.body)).toEqual(plain.body)
        expect(sent.body.length).toBeLessThan(plain.body.length * 0.6)
      }
    }
  })

  it('comes from this origin alone, with less than 150 kB of compressed script before anything is asked for', async () => {
    const page = await openPage(browser)
    const urls: string[] = []
    page.on('request', (request) => urls.push(request.url()))
    // Without the network's answer nothing is asked for: only what the page itself needs is loaded.
    await page.route('**/v1/**', (route) => route.abort())
    await page.goto(world.api, { waitUntil: 'networkidle' })
    expect(urls.filter((url) => new URL(url).origin !== new URL(world.api).origin)).toEqual([])
    const { gzipSync } = await import('node:zlib')
    const scripts = urls.filter((url) => url.endsWith('.js'))
    let size = 0
    for (const url of scripts) size += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length
    expect(scripts.length).toBeGreaterThan(0)
    expect(size).toBeLessThan(150_000)
    await page.context().close()
  })

  it('is served under a policy that allows scripts of this origin only', async () => {
    const page = await openPage(browser)
    const policy = (await page.goto(world.api))?.headers()['content-security-policy'] ?? ''
    await page.context().close()
    expect(policy).toMatch(/script-src 'self'/)
    expect(policy).not.toMatch(/unsafe-inline|https?:\/\/\*/)
  })
})
