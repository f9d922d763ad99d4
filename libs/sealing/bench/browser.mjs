import { chromium } from 'playwright-core'
import { findChromium } from '../../../scripts/chromium.mjs'
import { servePage } from '../browser/serve.mjs'

/**
 * `sealing.mjs` for Chromium: a file read as a browser reads a chosen one, sealed and opened on one thread.
 *
 *     node libs/sealing/bench/browser.mjs [--json]
 *
 * GRANARY_BENCH_MIB (64) and GRANARY_BENCH_ROUNDS (5) make it shorter or longer.
 */
const mebibytes = Number(process.env.GRANARY_BENCH_MIB ?? 64)
const rounds = Number(process.env.GRANARY_BENCH_ROUNDS ?? 5)

const served = await servePage()
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage()
  await page.goto(served.url)
  await page.waitForFunction(() => 'measureSealingSpeed' in globalThis)
  const measured = await page.evaluate(
    ([size, times]) => globalThis.measureSealingSpeed(size, times),
    [mebibytes, rounds],
  )
  const [[, ceiling]] = Object.entries(measured)
  const rows = Object.entries(measured).map(([name, speed]) => ({
    name,
    megabytesPerSecond: speed,
    toNativeCipher: speed / ceiling,
  }))
  if (process.argv.includes('--json')) console.log(JSON.stringify({ mebibytes, rounds, rows }))
  else {
    console.log(`best of ${rounds}, ${mebibytes} MiB, Chromium ${browser.version()}\n`)
    console.log('| | MB/s | of the native cipher |\n|---|---|---|')
    for (const row of rows)
      console.log(`| ${row.name} | ${row.megabytesPerSecond.toFixed(0)} | ${row.toNativeCipher.toFixed(2)} |`)
  }
} finally {
  await browser.close()
  await served.stop()
}
