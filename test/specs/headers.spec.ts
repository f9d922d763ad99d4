import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { freePort } from '../support/custody.js'
import { CUSTODIAN_ROUTES, MATRIX } from '../support/matrix.js'
import { type Replica, startReplica } from '../support/replica.js'
import {
  type Asked,
  beginUpload,
  call,
  type Sealed,
  sealText,
  sendBytes,
  signIn,
  tus,
} from '../support/rest.js'
import { exchange, requestText } from '../support/socket.js'
import { sharedWorld, type World } from '../support/world.js'

// The security headers of every answer: of each route of the table, asked by nobody and by somebody, of files and pages,
// of refusals that no route gave, of uploads, of custodians.

const world = sharedWorld()
let alice: Actor
let token: string
let sealed: Sealed
let dataset: string
let cid: string

beforeAll(async () => {
  alice = await newContributor(world)
  token = await signIn(world, alice.wallet)
  const pool = await world.createPool()
  const given = await contributeBytes(alice, new TextEncoder().encode('barley'), {
    pool,
    purposes: ['evaluation'],
    expires: null,
  })
  dataset = given.id
  cid = given.cid
  sealed = await sealText(alice, 'rye')
})

type Kind = 'api' | 'bytes' | 'docs' | 'page' | 'asset'

const POLICY: Record<Kind, RegExp> = {
  api: /^default-src 'none'; frame-ancestors 'none'$/,
  bytes: /^default-src 'none'; sandbox; frame-ancestors 'none'$/,
  docs: /^default-src 'none'; script-src 'self' 'unsafe-inline'; (?!.*https?:).*frame-ancestors 'none'$/,
  page: /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; (?!.*(?:unsafe-inline|'unsafe-eval'|\*)).*frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default$/,
  asset: /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /,
}
const CACHE: Record<Kind, RegExp> = {
  api: /^no-store$/,
  bytes: /^public, max-age=\d+, immutable$/,
  docs: /^no-store$/,
  page: /^no-cache$/,
  asset: /^public, max-age=\d+, immutable$/,
}

/** What is wrong with the headers of an answer, as lines. */
function faults(
  headers: Pick<Headers, 'get'>,
  kind: Kind,
  { sharing = 'same-origin', https = false } = {},
): string[] {
  const wanted: Record<string, RegExp | null> = {
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /^no-referrer$/,
    'x-frame-options': /^DENY$/,
    'cross-origin-resource-policy': new RegExp(`^${sharing}$`),
    'cross-origin-opener-policy': /^same-origin$/,
    'permissions-policy': /camera=\(\), microphone=\(\), geolocation=\(\)/,
    'content-security-policy': POLICY[kind],
    'cache-control': CACHE[kind],
    'strict-transport-security': https ? /^max-age=15552000$/ : null,
    'x-powered-by': null,
    server: null,
  }
  return Object.entries(wanted).flatMap(([name, pattern]) => {
    const value = headers.get(name)
    const isFine = pattern === null ? value === null : value !== null && pattern.test(value)
    return isFine ? [] : [`${name}: ${value}`]
  })
}

const NOTHING = '5a'.repeat(32)
/** A route's path: of what is there, where somebody made it, else of what nobody has. */
function pathOf(route: string): string {
  const ids: [RegExp, string][] = [
    [/^\/v1\/datasets\/\{id\}/, `/v1/datasets/${dataset}`],
    [/^\/v1\/pools\/\{id\}/, '/v1/pools/1'],
    [/^\/v1\/(uploads|relays)\/\{id\}/, '/v1/$1/00000000000000000000000000000000'],
    [/\{id\}/, `0x${NOTHING}`],
    [/\{number\}/, '1'],
    [/\{address\}/, alice.address],
    [/^\/ipfs\/\{cid\}/, `/ipfs/${cid}?format=raw`],
    [/^\/v1\/approvals$/, `/v1/approvals?owner=${alice.address}`],
  ]
  return ids.reduce((made, [pattern, id]) => made.replace(pattern, id), route.split(' ')[1] ?? '')
}

function kindOf(path: string, status: number): Kind {
  if (status < 300 && (path.startsWith('/ipfs/') || path.endsWith('/content'))) return 'bytes'
  return /^\/docs(?:\/|$)/.test(path) ? 'docs' : 'api'
}

const ROUTES = [...new Set(MATRIX.map(({ route }) => route))].flatMap((route) =>
  route.startsWith('GET ') ? [route, route.replace('GET', 'HEAD')] : [route],
)

/** Asks each route; the lines of what is wrong, and how many answers there were by their first digit. */
async function walk(at: World, asked: (route: string) => Asked, options = {}) {
  const wrong: string[] = []
  const statuses: Record<string, number> = {}
  for (const route of ROUTES) {
    const [method = ''] = route.split(' ')
    const path = pathOf(route)
    const body = method === 'POST' || method === 'PUT' ? { body: {} } : {}
    const { status, headers } = await call(at, method, path, { ...body, ...asked(route) })
    const digit = String(status)[0] ?? ''
    statuses[digit] = (statuses[digit] ?? 0) + 1
    for (const fault of faults(headers, kindOf(path, status), options))
      wrong.push(`${route} (${status}) ${fault}`)
  }
  return { wrong, statuses }
}

describe('every route of the API', () => {
  it('answers nobody with the headers that are right for it', async () => {
    const { wrong, statuses } = await walk(world, () => ({}))
    expect(wrong).toEqual([])
    expect(statuses[2]).toBeGreaterThan(40)
    expect(statuses[4]).toBeGreaterThan(25)
    expect(statuses[5]).toBeUndefined()
  })

  it('answers somebody with them, too, and nothing private is kept by anybody on the way', async () => {
    const own = await signIn(world, alice.wallet)
    const asked = (route: string) => ({ token: route === 'DELETE /v1/auth/session' ? own : token })
    const { wrong, statuses } = await walk(world, asked)
    expect(wrong).toEqual([])
    expect(statuses[5]).toBeUndefined()
    const session = await call(world, 'GET', '/v1/auth/session', { token })
    expect([session.status, session.headers.get('cache-control')]).toEqual([200, 'no-store'])
  })

  it('sets a cookie that no script reads and no other site sends', async () => {
    const { body } = await call(world, 'POST', '/v1/auth/nonce', { body: { address: alice.address } })
    const signature = await alice.wallet.signMessage(body.message)
    const answer = await call(world, 'POST', '/v1/auth/session', {
      body: { message: body.message, signature },
    })
    expect(faults(answer.headers, 'api')).toEqual([])
    expect(answer.headers.get('set-cookie')).toMatch(/; HttpOnly/i)
    expect(answer.headers.get('set-cookie')).toMatch(/; SameSite=Strict/i)
  })
})

describe('an upload', () => {
  it('has them in each answer, also in refusals', async () => {
    const begun = await beginUpload(world, token, sealed.bytes.length, sealed.cid)
    const location = begun.headers.get('location') ?? ''
    const half = Math.floor(sealed.bytes.length / 2)
    const answers = {
      begun,
      'begun without a session': await beginUpload(world, undefined, 5, sealed.cid),
      'begun too large': await beginUpload(world, token, 2 ** 45, sealed.cid),
      'sent at a wrong place': await sendBytes(world, token, location, 7, new Uint8Array(3)),
      'without a version': await call(world, 'HEAD', location, { token }),
      sent: await sendBytes(world, token, location, 0, sealed.bytes.slice(0, half)),
      'looked at': await tus(world, 'HEAD', token, location),
      finished: await sendBytes(world, token, location, half, sealed.bytes.slice(half)),
      'another one given up': await tus(
        world,
        'DELETE',
        token,
        (await beginUpload(world, token, 5, cid)).headers.get('location') ?? '',
      ),
      offered: await tus(world, 'OPTIONS', undefined, '/v1/uploads'),
    }
    expect(Object.values(answers).map(({ status }) => status)).toEqual([
      201, 401, 413, 409, 412, 204, 200, 204, 204, 204,
    ])
    const wrong = Object.entries(answers).flatMap(([name, { headers }]) =>
      faults(headers, 'api').map((fault) => `${name}: ${fault}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('the web app', () => {
  const built = join(import.meta.dirname, '../../apps/web/dist')

  it('has them on each of its files, and on every path that is a page of it', async () => {
    const files = readdirSync(built, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name) && !/\.(?:br|gz)$/.test(name))
      .map((name) => `/${name}`)
    expect(files.length).toBeGreaterThan(10)
    const wrong: string[] = []
    for (const path of ['/', '/data', '/no/such/page', ...files]) {
      const answer = await call(world, 'GET', path, { headers: { accept: 'text/html' } })
      expect([path, answer.status]).toEqual([path, 200])
      const kind = path.startsWith('/assets/') ? 'asset' : 'page'
      for (const fault of faults(answer.headers, kind)) wrong.push(`${path} ${fault}`)
    }
    expect(wrong).toEqual([])
  })
})

describe('what no route answers', () => {
  it.each([
    ['an unknown path', 'GET', '/v1/nowhere', 404],
    ['an unknown file', 'GET', '/assets/nothing.js', 404],
    ['a name that only begins like the documentation', 'GET', '/docsx', 404],
    ['a file of the documentation that is not there', 'GET', '/docs/nothing.js', 404],
    ['a block that nobody brought', 'GET', `/ipfs/bafkreib${'a'.repeat(51)}?format=raw`, 404],
    ['a method that is not offered', 'PUT', '/v1/pools', 405],
    ['another site’s question whether it may ask', 'OPTIONS', '/v1/pools', 405],
  ])('has them: %s', async (_, method, path, status) => {
    const answer = await call(world, method, path, { headers: { origin: 'https://evil.example' } })
    expect(answer.status).toBe(status)
    expect(faults(answer.headers, kindOf(path, 404))).toEqual([])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a method that nobody knows', requestText('BREW', '/v1/pools'), 405],
    ['headers without end', requestText('GET', '/v1/pools', { 'x-much': 'a'.repeat(40_000) }), 431],
    ['an address that is none', requestText('GET', '/v1/pools/%zz'), 400],
    ['an address without end', requestText('GET', `/v1/pools?x=${'a'.repeat(8_000)}`), 414],
  ])('has them: %s', async (_, text, status) => {
    const answer = await exchange(Number(new URL(world.api).port), text)
    expect(answer.status).toBe(status)
    expect(faults({ get: (name) => answer.headers[name] ?? null }, 'api')).toEqual([])
  })
})

describe('Strict-Transport-Security', () => {
  const replicas: Replica[] = []
  let behind: World
  let bare: World
  const reached = async (env: Record<string, string>): Promise<World> => {
    const port = await freePort()
    replicas.push(
      await startReplica(world, { ...env, PORT: String(port), PUBLIC_URL: 'https://granary.example' }),
    )
    return { ...world, api: `http://127.0.0.1:${port}` }
  }
  beforeAll(async () => {
    behind = await reached({ TRUST_PROXY: '1' })
    bare = await reached({})
  })
  afterAll(async () => {
    for (const replica of replicas) await replica.stop()
  })
  const by = (proto: string) => () => ({ headers: { 'x-forwarded-proto': proto } })

  it('is on every answer that a browser got by https', async () => {
    expect((await walk(behind, by('https'), { https: true })).wrong).toEqual([])
    const page = await call(behind, 'GET', '/', { headers: { 'x-forwarded-proto': 'https' } })
    expect(faults(page.headers, 'page', { https: true })).toEqual([])
  })

  it('is on none that went out unencrypted, as the proxy that is trusted says', async () => {
    expect((await walk(behind, by('http'))).wrong).toEqual([])
  })

  it('is not taken away by the word of somebody who is no proxy', async () => {
    const answer = await call(bare, 'GET', '/v1/pools', by('http')())
    expect(faults(answer.headers, 'api', { https: true })).toEqual([])
    const malformed = await exchange(Number(new URL(bare.api).port), 'hello\r\n\r\n')
    expect(malformed.headers['strict-transport-security']).toBe('max-age=15552000')
  })

  it('comes from no site that is reached by http, whatever a proxy says', async () => {
    const answer = await call(world, 'GET', '/v1/pools', by('https')())
    expect(faults(answer.headers, 'api')).toEqual([])
  })
})

describe('a custodian', () => {
  it.each(CUSTODIAN_ROUTES)('has them in its answer to %s %s', async (method, path) => {
    const body = method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}
    const { headers } = await fetch(`${world.facts.custodians[0]?.endpoint}${path}`, { method, ...body })
    expect(faults(headers, 'api', { sharing: 'cross-origin' })).toEqual([])
  })
})
