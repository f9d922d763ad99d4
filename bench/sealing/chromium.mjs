import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { findChromium } from '../../scripts/chromium.mjs'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript' }

/** Sealing and opening on one thread of a page in Chromium: megabytes a second, by job and round. */
export async function measureInChromium(mebibytes, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'granary-bench-'))
  let server
  let browser
  try {
    await build({
      configFile: false,
      root: fileURLToPath(new URL('.', import.meta.url)),
      base: './',
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4000 },
    })
    server = await serve(folder)
    browser = await chromium.launch({
      executablePath: await findChromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    await page.waitForFunction(() => 'measureSealing' in globalThis)
    const speeds = await page.evaluate(
      ([size, times]) => globalThis.measureSealing(size, times),
      [mebibytes, rounds],
    )
    return { version: browser.version(), speeds }
  } finally {
    await browser?.close()
    server?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** On a port of the loopback address, which browsers count as secure: elsewhere they hide Web Crypto. */
async function serve(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const file = join(folder, pathname === '/' ? 'index.html' : pathname)
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return server
}
