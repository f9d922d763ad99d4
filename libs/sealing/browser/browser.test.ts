import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { launchChromium } from '../../../test/support/chromium.js'
import type { TestResult } from './jest-globals.js'

const here = dirname(fileURLToPath(import.meta.url))
const vite = join(here, '../../../node_modules/vite/bin/vite.js')
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

describe('the same tests in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'granary-sealing-'))
  let server: Server

  beforeAll(() => {
    const built = spawnSync(process.execPath, [vite, 'build', '--outDir', folder], {
      cwd: here,
      encoding: 'utf8',
    })
    if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`)
    server = createServer((request, response) => {
      const name = request.url === '/' ? 'index.html' : normalize(new URL(request.url!, 'http://x').pathname)
      const file = join(folder, name)
      if (!existsSync(file)) return response.writeHead(404).end()
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      createReadStream(file).pipe(response)
    })
    return new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  }, 120_000)

  afterAll(async () => {
    await new Promise((done) => server?.close(done))
    rmSync(folder, { recursive: true, force: true })
  })

  it('pass, natively by Web Crypto and by noble', async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      const results: TestResult[] = []
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(String(error)))
      await page.exposeFunction('reportTest', (result: TestResult) => {
        results.push(result)
      })
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await page.waitForFunction(() => 'runSealingTests' in globalThis)
      const ran = await page.evaluate(() => globalThis.runSealingTests())
      expect(problems).toEqual([])
      expect(results.filter(({ failure }) => failure !== undefined)).toEqual([])
      expect(ran).toEqual({ files: 5, cipher: 'webcrypto', secure: true })
      expect(results.length).toBeGreaterThan(350)
    } finally {
      await browser.close()
    }
  }, 300_000)
})
