import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { addressWebBuild, type WebBuild } from '@granary/protocol/node'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { type LyingWeb, startLyingWeb, type WebAnswer } from '../support/lying-web.js'
import { sharedWorld, type World } from '../support/world.js'

const DIST = join(import.meta.dirname, '../../apps/web/dist')
const read = (path: string) => readFileSync(join(DIST, path))
const build: WebBuild = JSON.parse(read('build.json').toString())
const script = build.files.find(({ path }) => /^assets\/index-.*\.js$/.test(path))!.path
/** the server's first answer for the script, in what it was asked for, replaced by another body */
const packed = (answer: WebAnswer, body: Buffer): WebAnswer => {
  const encoding = answer.headers['content-encoding']
  return {
    ...answer,
    body: encoding === 'br' ? brotliCompressSync(body) : encoding === 'gzip' ? gzipSync(body) : body,
  }
}
const without = (answer: WebAnswer, name: string): WebAnswer => {
  const { [name]: _, ...headers } = answer.headers
  return { ...answer, headers }
}

let world: World
let mallory: LyingWeb
let cli: CommandLine
beforeAll(async () => {
  world = sharedWorld()
  mallory = await startLyingWeb(world.api)
  cli = commandLine(world)
})
afterAll(async () => {
  await mallory?.end()
  cli?.remove()
  world?.close()
})

const verify = (...args: string[]) => cli.run(undefined, 'verify-web', mallory.url, ...args)
async function codes(...args: string[]): Promise<string[]> {
  const { code, json } = await verify(...args)
  expect(code).toBe(1)
  expect(json.matches).toBe(false)
  expect(json.error.code).toBe(json.findings[0].code)
  return [...new Set<string>(json.findings.map((found: { code: string }) => found.code))].sort()
}

describe('granary verify-web', () => {
  describe('given a server that lies', () => {
    it('finds one altered byte in a script, for everybody or where it is compressed only', async () => {
      const altered = Buffer.from(read(script))
      altered[1000]! ^= 1
      mallory.tell((answer, { path }) => (path === `/${script}` ? packed(answer, altered) : answer))
      expect(await codes()).toEqual(['WEB_FILE_ALTERED'])
      expect((await verify()).json.findings[0]).toMatchObject({ path: script, caller: 'a program' })
      for (const encoding of ['br', 'gzip']) {
        mallory.tell((answer, { path }) =>
          path === `/${script}` && answer.headers['content-encoding'] === encoding
            ? packed(answer, altered)
            : answer,
        )
        expect(await codes()).toEqual(['WEB_ANSWERS_DIFFER'])
      }
    })

    it('finds a further script in the page, at any of its addresses', async () => {
      const page = read('index.html').toString().replace('</head>', '<script src="/x.js"></script></head>')
      const evil = (answer: WebAnswer) => packed(answer, Buffer.from(page))
      // What is longer than the page is read no further.
      mallory.tell((answer, { path }) => (path === '/' ? evil(answer) : answer))
      expect(await codes()).toEqual(['WEB_FILE_TOO_LARGE'])
      // As long as the page: the script takes the place of its description.
      const length = read('index.html').length
      const hidden = page.replace(/<meta\s+name="description"[^>]*>/, '').padEnd(length)
      mallory.tell((answer, { path }) => (path === '/' ? packed(answer, Buffer.from(hidden)) : answer))
      expect(Buffer.byteLength(hidden)).toBe(length)
      expect(await codes()).toEqual(['WEB_ANSWERS_DIFFER'])
      // Only where no file is: what people open by a link into the app.
      mallory.tell((answer, { path }) => (path === '/' || path.includes('.') ? answer : evil(answer)))
      expect(await codes()).toEqual(['WEB_FILE_TOO_LARGE'])
    })

    it('finds a missing file and one that leads elsewhere', async () => {
      mallory.tell((answer, { path }) => (path === `/${script}` ? { ...answer, status: 404 } : answer))
      expect(await codes()).toEqual(['WEB_FILE_MISSING'])
      const location = 'https://elsewhere.test/index.js'
      mallory.tell((answer, { path }) =>
        path === `/${script}` ? { status: 302, headers: { location }, body: Buffer.alloc(0) } : answer,
      )
      expect(await codes()).toEqual(['WEB_REDIRECTED'])
      expect((await verify()).json.error.message).toContain(location)
    })

    it('reads no more of a file than it may have, packed or not', async () => {
      const huge = Buffer.alloc(64 * 2 ** 20, 'a')
      mallory.tell((answer, { path }) =>
        path === `/${script}` ? { ...without(answer, 'content-encoding'), body: huge } : answer,
      )
      expect(await codes()).toEqual(['WEB_FILE_TOO_LARGE'])
      const bomb = gzipSync(huge)
      mallory.tell((answer, { path, headers }) =>
        path === `/${script}` && headers['accept-encoding'] === 'gzip'
          ? { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: bomb }
          : answer,
      )
      expect(await codes()).toEqual(['WEB_FILE_TOO_LARGE'])
    })

    it.each([
      ['a browser', (headers: Record<string, unknown>) => /Chrome/.test(String(headers['user-agent']))],
      ['a phone', (headers: Record<string, unknown>) => /iPhone/.test(String(headers['user-agent']))],
      [
        'who reads French',
        (headers: Record<string, unknown>) => /^fr/.test(String(headers['accept-language'])),
      ],
      ['whose script asks', (headers: Record<string, unknown>) => headers['sec-fetch-dest'] === 'script'],
    ])('finds another file for %s', async (_, isMeant) => {
      const altered = Buffer.from(read(script).toString().replace('{', ' '))
      mallory.tell((answer, { path, headers }) =>
        path === `/${script}` && isMeant(headers) ? packed(answer, altered) : answer,
      )
      expect(await codes()).toContain('WEB_ANSWERS_DIFFER')
    })

    it('finds packing that was not asked for or is none, and a script that is served as something else', async () => {
      const change =
        (name: string, value: string) =>
        (answer: WebAnswer, { path }: { path: string }) =>
          path === `/${script}` ? { ...answer, headers: { ...answer.headers, [name]: value } } : answer
      mallory.tell(change('content-encoding', 'compress'))
      expect(await codes()).toEqual(['WEB_ENCODING_INVALID'])
      mallory.tell(change('content-encoding', 'gzip'))
      expect(await codes()).toEqual(['WEB_ENCODING_INVALID'])
      mallory.tell(change('content-type', 'text/html'))
      expect(await codes()).toEqual(['WEB_TYPE_INVALID'])
    })

    it('finds a page without its policy, with a weaker one, and headers that load something', async () => {
      const onPages = (change: (answer: WebAnswer) => WebAnswer) =>
        mallory.tell((answer) =>
          String(answer.headers['content-type']).startsWith('text/html') ? change(answer) : answer,
        )
      const policy = 'content-security-policy'
      const set = (name: string, value: string) =>
        onPages((answer) => ({ ...answer, headers: { ...answer.headers, [name]: value } }))
      onPages((answer) => without(answer, policy))
      expect(await codes()).toEqual(['WEB_POLICY_MISSING'])
      set(policy, "default-src 'self' 'unsafe-inline'; script-src 'self' https://cdn.test")
      expect(await codes()).toEqual(['WEB_POLICY_MISSING'])
      set('refresh', '0; url=https://elsewhere.test')
      expect(await codes()).toEqual(['WEB_HEADER_REFUSED'])
      set('link', '<https://elsewhere.test/x.css>; rel=stylesheet')
      expect(await codes()).toEqual(['WEB_HEADER_REFUSED'])
    })

    it('believes no list of files that is not that of the CID', async () => {
      const list = (change: (files: WebBuild['files']) => WebBuild['files'], cid = build.cid) =>
        mallory.tell((answer, { path }) =>
          path === '/build.json'
            ? packed(answer, Buffer.from(JSON.stringify({ ...build, cid, files: change(build.files) })))
            : answer,
        )
      // The command knows the build's files by itself unless it is asked about another one.
      const page = Buffer.from('<p>another page</p>')
      const other = await addressWebBuild([{ path: 'index.html', bytes: page }])
      list((files) => files)
      expect(await codes('--cid', other.cid)).toEqual(['WEB_BUILD_OTHER'])
      list((files) => files.slice(1), other.cid)
      expect(await codes()).toEqual(['WEB_BUILD_OTHER'])
      expect(await codes('--cid', other.cid)).toEqual(['WEB_FILE_ALTERED'])
      mallory.tell((answer, { path }) =>
        path === '/build.json' ? { ...answer, body: Buffer.alloc(2 * 2 ** 20) } : answer,
      )
      const { code, json } = await verify('--cid', other.cid)
      expect([code, json.error.code]).toEqual([1, 'WEB_MANIFEST_INVALID'])
    })

    it('gives up in the time that it was given', async () => {
      mallory.tell((answer, { path }) => (path === `/${script}` ? null : answer))
      const began = Date.now()
      const { code, json } = await verify('--timeout', '2s')
      expect([code, json.error.code]).toEqual([1, 'TIMED_OUT'])
      expect(Date.now() - began).toBeLessThan(20_000)
    })
  })

  it('refuses what is no address, no CID, no release and no server', async () => {
    const refused = async (...args: string[]) =>
      (await cli.run(undefined, 'verify-web', ...args)).json.error.code
    expect(await refused('file:///etc/passwd')).toBe('ARGUMENT_INVALID')
    expect(await refused('http://user:word@127.0.0.1')).toBe('ARGUMENT_INVALID')
    expect(await refused(world.api, '--cid', 'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n')).toBe(
      'CID_INVALID',
    )
    expect(await refused(world.api, '--release', cli.file('none.json'))).toBe('FILE_UNREADABLE')
    writeFileSync(cli.file('bad.json'), '{}')
    expect(await refused(world.api, '--release', cli.file('bad.json'))).toBe('WEB_MANIFEST_INVALID')
    expect(await refused('http://127.0.0.1:1')).toBe('UNREACHABLE')
  })

  describe('given an honest server', () => {
    it('finds the build that this program was released with, and says how much it compared', async () => {
      const { code, json, stderr } = await cli.run(undefined, 'verify-web', world.api)
      expect(json).toEqual({
        url: `${world.api}/`,
        cid: build.cid,
        claimed: build.cid,
        matches: true,
        files: build.files.length,
        bytes: build.files.reduce((sum, { size }) => sum + size, 0),
        answers: 4 * build.files.length + 8,
        findings: [],
      })
      expect(code).toBe(0)
      expect(stderr).toContain('comparing')
    })

    it('finds the build that is named, by its CID or by its release, with or without its own word for it', async () => {
      mallory.tell((answer) => answer)
      expect((await verify('--cid', build.cid)).code).toBe(0)
      writeFileSync(cli.file('web.json'), JSON.stringify(build))
      mallory.tell((answer, { path }) => (path === '/build.json' ? { ...answer, status: 404 } : answer))
      expect((await verify('--release', cli.file('web.json'))).code).toBe(0)
      // A server of files alone has nothing where no file is.
      mallory.tell((answer, { path }) =>
        path === '/' || path.includes('.') ? answer : { ...answer, status: 404 },
      )
      expect((await verify()).code).toBe(0)
    })

    it('waits where it asks too often', async () => {
      let refused = 0
      mallory.tell((answer) =>
        refused++ < 3 ? { ...answer, status: 429, headers: { 'retry-after': '1' } } : answer,
      )
      expect((await verify()).code).toBe(0)
      expect(refused).toBeGreaterThan(3)
    })
  })
})
