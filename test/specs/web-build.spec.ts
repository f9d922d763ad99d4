import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { WebBuild } from '@granary/protocol/node'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
const DIST = join(ROOT, 'apps/web/dist')
const SOURCES = [
  'apps/web',
  'libs/protocol',
  'libs/sealing',
  'libs/sdk',
  'scripts',
  'package.json',
  'tsconfig.base.json',
  '.swcrc',
]
const KUBO = join(homedir(), '.cache/granary/kubo-v0.41.0/ipfs')

// Beside the packages, as a checkout of somebody else has them: a bundler orders modules by their paths, and packages that
// are linked from a folder with an earlier name would come before the sources.
mkdirSync(join(ROOT, '.granary'), { recursive: true })
const scratch = mkdtempSync(join(ROOT, '.granary/web-build-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** All files below a folder, by path. */
function files(folder: string): Map<string, Buffer> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = found.map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path))]))
}

/** The sources at another place, with the same packages; ours among them are the copies. */
function copyOf(folder: string): string {
  for (const path of SOURCES)
    cpSync(join(ROOT, path), join(folder, path), {
      recursive: true,
      filter: (from) => !/apps\/web\/dist|node_modules/.test(relative(ROOT, from)),
    })
  for (const path of ['', ...SOURCES]) linkPackages(join(ROOT, path), join(folder, path))
  mkdirSync(join(folder, 'node_modules/@granary'))
  for (const name of ['protocol', 'sealing', 'sdk'])
    symlinkSync(join(folder, 'libs', name), join(folder, 'node_modules/@granary', name))
  return folder
}

/** The packages of one folder, each for itself: what a build writes beside them stays in the copy. */
function linkPackages(from: string, to: string): void {
  if (!existsSync(join(from, 'node_modules'))) return
  mkdirSync(join(to, 'node_modules'))
  for (const name of readdirSync(join(from, 'node_modules')).filter((one) => one !== '@granary'))
    symlinkSync(join(from, 'node_modules', name), join(to, 'node_modules', name))
}

/** `npm run release:web` in a copy, as somebody else would run it; resolves to the CID that it printed. */
async function release(folder: string, umask: string, env: Record<string, string>): Promise<string> {
  const command = `umask ${umask} && exec "${process.execPath}" scripts/release-web.mjs --out out`
  const { stdout } = await run('sh', ['-c', command], {
    cwd: copyOf(folder),
    env: { PATH: process.env.PATH, ...env },
  })
  return stdout.trim()
}

describe('npm run release:web', () => {
  let here: WebBuild
  beforeAll(() => {
    here = JSON.parse(readFileSync(join(DIST, 'build.json'), 'utf8'))
  })

  it('gives the same bytes in another folder, time zone, language, environment, and under another umask', async () => {
    const one = join(scratch, 'one')
    const two = join(scratch, 'a folder with spaces', 'and-éé', 'two')
    const cids = [
      await release(one, '077', {
        TZ: 'Pacific/Chatham',
        LC_ALL: 'tr_TR.UTF-8',
        HOME: one,
        NODE_ENV: 'test',
      }),
      await release(two, '000', {
        TZ: 'UTC',
        LC_ALL: 'C',
        VITE_API: 'http://evil.test',
        MODE: 'development',
      }),
    ]
    expect(cids).toEqual([here.cid, here.cid])
    const [first, second, third] = [join(one, 'apps/web/dist'), join(two, 'apps/web/dist'), DIST].map(files)
    expect([...first!.keys()]).toEqual([...third!.keys()])
    for (const [path, bytes] of first!) {
      expect([path, bytes.equals(second!.get(path)!)]).toEqual([path, true])
      expect([path, bytes.equals(third!.get(path)!)]).toEqual([path, true])
    }
    // What is handed out is what was hashed, and its list.
    expect([...files(join(one, 'out/web')).keys()]).toEqual(here.files.map(({ path }) => path).sort())
    expect(JSON.parse(readFileSync(join(one, 'out/web.json'), 'utf8'))).toEqual(here)
    if (existsSync(KUBO)) expect(await kuboCid(join(one, 'out/web'))).toBe(here.cid)
  }, 240_000)
})

async function kuboCid(folder: string): Promise<string> {
  const env = { ...process.env, IPFS_PATH: join(scratch, 'ipfs') }
  await run(KUBO, ['init', '--profile=test'], { env })
  const words = ['add', '-r', '--only-hash', '--quieter', '--cid-version', '1', '--raw-leaves', folder]
  return (await run(KUBO, words, { env })).stdout.trim()
}

/** Addresses that the page holds and never calls: names of formats and vocabularies, and texts of libraries. */
const NAMES = [
  'http://www.w3.org/', // namespaces of XML
  'https://w3id.org/dpv', // terms of consent
  'http://purl.obolibrary.org/obo/',
  'http://purl.org/dc/terms/',
  'https://json-schema.org/',
  'http://json-schema.org/',
  'https://react.dev/errors/', // what React says in an error
  'https://raw.githubusercontent.com/LedgerHQ/clear-signing-erc7730-registry/', // the schema of wallets' descriptors
  'https://github.com/mholt/PapaParse', // a licence
  'http://.', // the page's words for an address that begins like that
  'https://github.com/facebook/regenerator/', // a licence
  // ethers: for networks that a page of ours never makes; the page's policy refuses them besides
  'https://gateway.ipfs.io/ipfs/',
  'https://gasstation.polygon.technology/',
  'https://gasstation-testnet.polygon.technology/',
]

describe('the built page', () => {
  const texts = [...files(DIST)].filter(([path]) => /\.(?:html|js|css|svg|json|webmanifest)$/.test(path))

  it('names no address of anybody else that it could load something from', () => {
    const found = texts.flatMap(([path, bytes]) =>
      [...bytes.toString().matchAll(/(?:https?|wss?):\/\/[^\s"'`)<>\\]+/g)].map(([url]) => `${path}: ${url}`),
    )
    const foreign = found.filter((one) => !NAMES.some((name) => one.includes(`: ${name}`)))
    // This machine is nobody else, and what is pieced together at run time (`https://${host}`) names no host.
    expect(
      foreign.filter((one) => !/: (?:https?|wss?):\/\/(?:localhost(?=[:/$])|\[?\$|$)/.test(one)),
    ).toEqual([])
  })

  it('has scripts, styles, pictures and fonts of its own folder only', () => {
    const all = files(DIST)
    for (const [path, bytes] of texts.filter(([name]) => /\.(?:html|css)$/.test(name))) {
      const text = bytes.toString()
      const named = [
        ...text.matchAll(/(?:\bsrc|\bhref)\s*=\s*["']?([^"'\s>]+)/g),
        ...text.matchAll(/url\(\s*["']?([^"')]+)/g),
        ...text.matchAll(/@import\s+["']([^"']+)/g),
      ].map(([, url]) => url!)
      expect(named.length === 0 && path === 'index.html').toBe(false)
      for (const url of named) {
        const target = new URL(url, `http://page.test/${path}`)
        expect([url, target.host, all.has(decodeURIComponent(target.pathname.slice(1)))]).toEqual([
          url,
          'page.test',
          true,
        ])
      }
    }
    expect([...all.keys()].filter((path) => /\.(?:woff2?|ttf|otf)$/.test(path)).length).toBeGreaterThan(0)
  })

  it('brings no text of a script or style within the page', () => {
    const page = readFileSync(join(DIST, 'index.html'), 'utf8')
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+\s*=|\sstyle\s*=|javascript:/i)
  })
})
