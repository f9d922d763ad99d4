// Finds a Chromium for the browser tests: Playwright's own, else one on PATH, else installed by Playwright, else (as
// root on Debian) by apt. Fails with one line that says what to do.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const INSTALL_LIMIT_MS = 180_000
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge',
]
const root = new URL('..', import.meta.url).pathname

function executable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function installed() {
  const own = chromium.executablePath()
  if (own && existsSync(own)) return own
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(executable)
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return onPath ?? (existsSync(mac) ? mac : undefined)
}

function attempt(what, command, args) {
  console.error(`no Chromium found; trying ${what} (3 minutes at most)`)
  spawnSync(command, args, { cwd: root, stdio: 'ignore', timeout: INSTALL_LIMIT_MS, killSignal: 'SIGKILL' })
  return installed()
}

/** @returns {Promise<string>} the path of a Chromium that starts; throws an Error with one line of advice */
export async function findChromium() {
  if (process.env.GRANARY_CHROMIUM) return process.env.GRANARY_CHROMIUM
  const found =
    installed() ??
    attempt("Playwright's installer", process.execPath, [
      'node_modules/playwright-core/cli.js',
      'install',
      'chromium',
    ]) ??
    (process.getuid?.() === 0 && existsSync('/etc/debian_version')
      ? attempt('apt', 'sh', ['-c', 'apt-get update && apt-get install -y --no-install-recommends chromium'])
      : undefined)
  if (found) return found
  throw new Error(
    'No Chromium: install chromium or google-chrome, or set GRANARY_CHROMIUM to its path, and run again.',
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(await findChromium())
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}
