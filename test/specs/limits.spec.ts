import { computeCid } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, newStranger } from '../support/actors.js'
import { type Replica, startReplica } from '../support/replica.js'
import { beginUpload, call, refusal, signIn } from '../support/rest.js'
import { exchange, openSocket, parseAnswer, type RawAnswer, requestText, whole } from '../support/socket.js'
import { sharedWorld } from '../support/world.js'

// How large, how deep, how slow and how many: every limit of a request at its edge, by bare bytes. Whatever is refused
// is a problem document with a stable code.

const LIMITS = {
  MAX_BODY_BYTES: 2_048,
  MAX_JSON_DEPTH: 8,
  MAX_HEADER_BYTES: 4_096,
  MAX_URL_BYTES: 1_024,
  MAX_QUERY_PARAMETERS: 8,
  HEADERS_TIMEOUT_MS: 1_500,
  BODY_TIMEOUT_MS: 1_500,
  IDLE_TIMEOUT_MS: 4_000,
  CONNECTIONS_PER_ADDRESS: 20,
}

const world = sharedWorld()
let api: Replica
let mallory: Actor

beforeAll(async () => {
  mallory = await newStranger(world)
  const env = Object.fromEntries(Object.entries(LIMITS).map(([name, value]) => [name, String(value)]))
  api = await startReplica(world, env)
})
afterAll(() => api?.stop(), 30_000)

const JSON_TYPE = { 'content-type': 'application/json' }
const told = ({ status, code }: RawAnswer) => `${status} ${code ?? ''}`.trim()

/** A refusal as everything is refused: as a problem document, with the headers of the API, without a stack or a page. */
function expectProblem(answer: RawAnswer, expected: string): void {
  expect(told(answer)).toBe(expected)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  expect(answer.text).not.toMatch(/<html|node_modules|\.js:\d/)
}

const send = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
  exchange(api.port, requestText(method, path, headers, body))

const post = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) => {
  const length = { 'content-length': String(Buffer.byteLength(body)) }
  const head = requestText('POST', '/v1/auth/nonce', { ...length, ...headers })
  return exchange(api.port, Buffer.concat([Buffer.from(head), Buffer.from(body)]))
}

const asking = (more = '') => `{"address":"${mallory.address}"${more}}`

describe('sizes', () => {
  it('of a body: as many bytes as are allowed, and one more', async () => {
    const room = LIMITS.MAX_BODY_BYTES - Buffer.byteLength(asking())
    expect((await post(asking(' '.repeat(room)))).status).toBe(200)
    expectProblem(await post(asking(' '.repeat(room + 1))), '413 BODY_TOO_LARGE')
  })

  it('of a body in chunks, which announces no length', async () => {
    const chunk = `400\r\n${' '.repeat(0x400)}\r\n`
    const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked' }
    const body = `${chunk.repeat(3)}0\r\n\r\n`
    expectProblem(await send('POST', '/v1/auth/nonce', headers, body), '413 BODY_TOO_LARGE')
  })

  it('of an announced body, before a byte of it came', async () => {
    const headers = { ...JSON_TYPE, 'content-length': '999999999' }
    expectProblem(await send('POST', '/v1/auth/nonce', headers), '413 BODY_TOO_LARGE')
  })

  it('of the headers', async () => {
    expect((await send('GET', '/v1/pools', { 'x-much': 'a'.repeat(2_000) })).status).toBe(200)
    expectProblem(await send('GET', '/v1/pools', { 'x-much': 'a'.repeat(5_000) }), '431 HEADERS_TOO_LARGE')
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`x-${i}`, '1']))
    expectProblem(await send('GET', '/v1/pools', many), '431 HEADERS_TOO_LARGE')
  })

  it('of the URL', async () => {
    const url = (bytes: number) => `/v1/pools?x=${'a'.repeat(bytes - '/v1/pools?x='.length)}`
    expect((await send('GET', url(LIMITS.MAX_URL_BYTES))).status).toBe(200)
    expectProblem(await send('GET', url(LIMITS.MAX_URL_BYTES + 1)), '414 URL_TOO_LONG')
    expectProblem(await send('GET', `/${'a'.repeat(LIMITS.MAX_URL_BYTES)}`), '414 URL_TOO_LONG')
  })

  it('of the list of parameters', async () => {
    const url = (count: number) => `/v1/pools?${Array.from({ length: count }, (_, i) => `p${i}=1`).join('&')}`
    expect((await send('GET', url(LIMITS.MAX_QUERY_PARAMETERS))).status).toBe(200)
    expectProblem(await send('GET', url(LIMITS.MAX_QUERY_PARAMETERS + 1)), '400 VALIDATION_FAILED')
  })

  it('of a list in a body', async () => {
    const datasets = Array.from({ length: 10_001 }, () => `0x${'0'.repeat(64)}`)
    const body = { pool: 1, purposes: ['evaluation'], datasets }
    const token = await signIn(world, mallory.wallet)
    const answer = await call(world, 'POST', '/v1/access-requests/manifests', { token, body })
    expect(refusal(answer)).toBe('400 VALIDATION_FAILED')
  })
})

describe('a body', () => {
  const nested = (depth: number) => asking(`,"x":${'['.repeat(depth)}${']'.repeat(depth)}`)

  it('may be nested as deep as is allowed, and no deeper', async () => {
    expect((await post(nested(LIMITS.MAX_JSON_DEPTH - 1))).status).toBe(200)
    expectProblem(await post(nested(LIMITS.MAX_JSON_DEPTH)), '400 MALFORMED_JSON')
  })

  it.each<[string, () => string | Buffer]>([
    ['a name twice', () => asking(`,"address":"${world.council.wallet.address}"`)],
    ['a prototype', () => asking(',"__proto__":{"admin":true}')],
    ['a constructor', () => asking(',"constructor":{"prototype":{"admin":true}}')],
    ['U+0000', () => asking(String.raw`,"uri":"\u0000"`)],
    ['half of a surrogate pair', () => asking(String.raw`,"uri":"\ud800"`)],
    ['no UTF-8', () => Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['no JSON', () => 'address=0x1'],
    ['nothing', () => ''],
  ])('with %s is refused', async (_, body) => {
    expectProblem(await post(body()), '400 MALFORMED_JSON')
  })

  it.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'text/plain; application/json',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'application/octet-stream',
    'application/offset+octet-stream',
    '',
  ])('that calls itself %s is refused', async (type) => {
    expectProblem(await post(asking(), { 'content-type': type }), '415 UNSUPPORTED_MEDIA_TYPE')
  })

  it('is JSON with a charset, too', async () => {
    expect((await post(asking(), { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200)
  })
})

describe('what is no request', () => {
  it.each([
    ['bytes', '\0\0\0 hello\r\n\r\n', '400 MALFORMED_REQUEST'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', '400 MALFORMED_REQUEST'],
    ['nobody in particular', 'GET /v1/pools HTTP/1.1\r\nconnection: close\r\n\r\n', '400 MALFORMED_REQUEST'],
    ['a header without a name', 'GET /v1/pools HTTP/1.1\r\n: x\r\n\r\n', '400 MALFORMED_REQUEST'],
    [
      'a header that is folded over a line',
      'GET /v1/pools HTTP/1.1\r\nhost: a\r\nx: 1\r\n\0: 2\r\n\r\n',
      '400 MALFORMED_REQUEST',
    ],
    [
      'two lengths',
      requestText('POST', '/v1/auth/nonce', { 'content-length': '5\r\ncontent-length: 6' }, 'hello'),
      '400 MALFORMED_REQUEST',
    ],
    [
      'a length and chunks',
      requestText(
        'POST',
        '/v1/auth/nonce',
        { 'content-length': '5', 'transfer-encoding': 'chunked' },
        '0\r\n\r\n',
      ),
      '400 MALFORMED_REQUEST',
    ],
    ['a method that nobody knows', requestText('BREW', '/v1/pools'), '405 METHOD_NOT_ALLOWED'],
    ['a method that is not offered', requestText('PUT', '/v1/pools'), '405 METHOD_NOT_ALLOWED'],
    ['a method that shows what was sent', requestText('TRACE', '/v1/pools'), '405 METHOD_NOT_ALLOWED'],
    ['an address that is none', requestText('GET', '/v1/pools/%zz'), '400 MALFORMED_REQUEST'],
  ])('such as %s is refused', async (_, text, expected) => {
    const answer = await exchange(api.port, text)
    expectProblem(answer, expected)
    if (answer.status === 405) expect(answer.headers.allow).toMatch(/^[A-Z, ]+$/)
  })

  it('names the methods that there are', async () => {
    expect((await send('PUT', '/v1/datasets')).headers.allow).toBe('GET, HEAD, POST')
    expect((await send('GET', '/v1/auth/nonce')).headers.allow).toBe('POST')
    expect((await send('GET', '/v1/uploads/x')).headers.allow).toBe('DELETE, HEAD, OPTIONS, PATCH')
    expect((await send('GET', '/v1/access-requests/manifests')).headers.allow).toBe('POST')
    expect(told(await send('PUT', '/v1/nowhere'))).toBe('404 NOT_FOUND')
  })
})

describe('slowness', () => {
  it('of headers ends the connection', async () => {
    const socket = await openSocket(api.port)
    const answer = whole(socket)
    socket.write('GET /v1/pools HTTP/1.1\r\nhost: a\r\n')
    const drip = setInterval(() => socket.write('x-drip: 1\r\n'), 200)
    const text = await answer
    clearInterval(drip)
    expectProblem(parseAnswer(text), '408 REQUEST_TIMEOUT')
  })

  it('of a body ends the connection', async () => {
    const socket = await openSocket(api.port)
    const answer = whole(socket)
    socket.write(requestText('POST', '/v1/auth/nonce', { ...JSON_TYPE, 'content-length': '2000' }))
    const drip = setInterval(() => socket.write(' '), 200)
    const text = await answer
    clearInterval(drip)
    expectProblem(parseAnswer(text), '408 REQUEST_TIMEOUT')
  })

  it('of everything: a connection on which nothing moves is closed, before a request and after one', async () => {
    for (const text of ['', 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n', 'GET /v1/po']) {
      const socket = await openSocket(api.port)
      const began = Date.now()
      const answer = whole(socket, 10_000)
      if (text) socket.write(text)
      // Until a request is there, what counts is the time that headers have, which is shorter here.
      const least = text.includes('healthz') ? LIMITS.IDLE_TIMEOUT_MS : LIMITS.HEADERS_TIMEOUT_MS
      await answer
      expect(Date.now() - began).toBeGreaterThanOrEqual(least - 50)
    }
  })

  it('is no reason against an upload whose bytes keep coming, however long it takes', async () => {
    const token = await signIn(world, mallory.wallet)
    const bytes = Buffer.alloc(30, 7)
    const { cid } = await computeCid([bytes])
    const begun = await beginUpload(api.world, token, bytes.length, cid)
    const socket = await openSocket(api.port)
    const answer = whole(socket)
    socket.write(
      requestText('PATCH', begun.headers.get('location') ?? '', {
        authorization: `Bearer ${token}`,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'content-length': String(bytes.length),
      }),
    )
    for (const byte of bytes) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      socket.write(Buffer.of(byte))
    }
    expect(parseAnswer(await answer)).toMatchObject({ status: 204 })
  })

  it('is no reason against whoever comes in time', async () => {
    expect((await post(asking())).status).toBe(200)
  })
})

describe('connections', () => {
  it('of one address are as many as are allowed; others are told, and there is room again', async () => {
    const open = await Promise.all(
      Array.from({ length: LIMITS.CONNECTIONS_PER_ADDRESS }, () => openSocket(api.port)),
    )
    // The kernel takes a connection before the server has seen it.
    for (const socket of open) {
      socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n')
      await new Promise((resolve) => socket.once('data', resolve))
    }
    const answer = await exchange(api.port, requestText('GET', '/healthz'))
    expectProblem(answer, '429 TOO_MANY_REQUESTS')
    expect(answer.headers['retry-after']).toBe('1')
    for (const socket of open) socket.destroy()
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
    let again = 0
    for (let i = 0; i < 50 && again !== 200; i++) again = (await send('GET', '/healthz')).status
    expect(again).toBe(200)
  })
})
