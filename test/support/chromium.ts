import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Names under which a browser of Chromium's family is found on PATH, best first. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge',
]

/** Where macOS and Windows keep theirs; they are rarely on PATH there. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Chromium as root, without a display, and silent on the network. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The executable of a browser for tests, or null: `GRANARY_CHROMIUM` if set, Playwright's own, then PATH, then the
 * usual places. Throws when `GRANARY_CHROMIUM` names nothing that can be executed.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.GRANARY_CHROMIUM
  if (named) {
    if (!executable(named)) throw new Error(`GRANARY_CHROMIUM: ${named} cannot be executed`)
    return named
  }
  const own = chromium.executablePath()
  if (own && executable(own)) return own
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...PLACES].find(executable) ?? null
}

/** Starts the browser, with a new profile that is gone when it closes. Throws one line that says what to do. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null)
    throw new Error(
      'no browser: install Chromium, or set GRANARY_CHROMIUM to a Chromium, Chrome or Edge executable',
    )
  return chromium.launch({ executablePath, args: CHROMIUM_FLAGS })
}

function executable(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
