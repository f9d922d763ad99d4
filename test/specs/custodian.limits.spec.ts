import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CustodianProcess, CustodyNetwork, get, post } from '../support/custody.js'
import { exchange, openSocket, parseAnswer, type RawAnswer, requestText, whole } from '../support/socket.js'

// How large, how deep, how slow and how many: every limit of a custodian at its edge, by bare bytes. A committee that is
// asked too much must go on answering others.

const LIMITS = {
  MAX_BODY_BYTES: 1_048_576,
  MAX_JSON_DEPTH: 16,
  MAX_HEADER_BYTES: 4_096,
  MAX_URL_BYTES: 1_024,
  MAX_QUERY_PARAMETERS: 8,
  HEADERS_TIMEOUT_MS: 1_500,
  BODY_TIMEOUT_MS: 1_500,
  IDLE_TIMEOUT_MS: 3_000,
  CONNECTIONS_PER_ADDRESS: 20,
}
const PER_MINUTE = 30

let network: CustodyNetwork
/** one whose sizes and times are small; one behind a proxy, of whom few ask little; one whom no proxy speaks for */
let small: CustodianProcess
let behind: CustodianProcess
let bare: CustodianProcess

beforeAll(async () => {
  network = await CustodyNetwork.start()
  small = await network.addCustodian(
    Object.fromEntries(Object.entries(LIMITS).map(([name, value]) => [name, String(value)])),
  )
  const rate = { RATE_LIMIT_PER_MINUTE: String(PER_MINUTE), RATE_LIMIT_KEYS: '5' }
  behind = await network.addCustodian({ ...rate, TRUST_PROXY: '1' })
  bare = await network.addCustodian(rate)
})
afterAll(() => network?.stop(), 60_000)

const portOf = ({ url }: CustodianProcess) => Number(new URL(url).port)
const JSON_TYPE = { 'content-type': 'application/json' }
const told = ({ status, code }: RawAnswer) => `${status} ${code ?? ''}`.trim()

function expectProblem(answer: RawAnswer, expected: string): void {
  expect(told(answer)).toBe(expected)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  expect(answer.text).not.toMatch(/<html|node_modules|\.js:\d/)
}

const send = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
  exchange(portOf(small), requestText(method, path, headers, body))
const order = (body: string, headers: Record<string, string> = JSON_TYPE) =>
  send('POST', '/v1/receipts', { 'content-length': String(Buffer.byteLength(body)), ...headers }, body)

describe('sizes', () => {
  it('of a body: as many bytes as are allowed, and one more, with or without a length', async () => {
    const room = LIMITS.MAX_BODY_BYTES - 2
    expect(told(await order(`{}${' '.repeat(room)}`))).toBe('400 VALIDATION_FAILED')
    expectProblem(await order(`{}${' '.repeat(room + 1)}`), '413 BODY_TOO_LARGE')
    const chunk = `40000\r\n${' '.repeat(0x40000)}\r\n`
    const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked' }
    expectProblem(
      await send('POST', '/v1/shares', headers, `${chunk.repeat(5)}0\r\n\r\n`),
      '413 BODY_TOO_LARGE',
    )
    const announced = { ...JSON_TYPE, 'content-length': '999999999' }
    expectProblem(await send('POST', '/v1/shares', announced), '413 BODY_TOO_LARGE')
  })

  it('of headers and URL, and of the list of parameters', async () => {
    expect((await send('GET', '/v1/identity', { 'x-much': 'a'.repeat(2_000) })).status).toBe(200)
    expectProblem(await send('GET', '/v1/identity', { 'x-much': 'a'.repeat(5_000) }), '431 HEADERS_TOO_LARGE')
    const long = (bytes: number) => `/v1/identity?x=${'a'.repeat(bytes - '/v1/identity?x='.length)}`
    expect((await send('GET', long(LIMITS.MAX_URL_BYTES))).status).toBe(200)
    expectProblem(await send('GET', long(LIMITS.MAX_URL_BYTES + 1)), '414 URL_TOO_LONG')
    const many = (count: number) =>
      `/v1/identity?${Array.from({ length: count }, (_, i) => `p${i}=1`).join('&')}`
    expect((await send('GET', many(LIMITS.MAX_QUERY_PARAMETERS))).status).toBe(200)
    expectProblem(await send('GET', many(LIMITS.MAX_QUERY_PARAMETERS + 1)), '400 VALIDATION_FAILED')
  })

  it('of nesting, and what is no I-JSON or calls itself something else', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect(told(await order(nested(LIMITS.MAX_JSON_DEPTH)))).toBe('400 VALIDATION_FAILED')
    expectProblem(await order(nested(LIMITS.MAX_JSON_DEPTH + 1)), '400 MALFORMED_JSON')
    expectProblem(await order('{"order":1,"order":2}'), '400 MALFORMED_JSON')
    expectProblem(await order('{"__proto__":{}}'), '400 MALFORMED_JSON')
    expectProblem(await order('{}', { 'content-type': 'text/plain' }), '415 UNSUPPORTED_MEDIA_TYPE')
  })
})

describe('what is no request', () => {
  it.each([
    ['bytes', '\0\0\0 hello\r\n\r\n', '400 MALFORMED_REQUEST'],
    ['a method that nobody knows', requestText('BREW', '/v1/identity'), '405 METHOD_NOT_ALLOWED'],
    ['an address that is none', requestText('GET', '/ipfs/%zz'), '400 MALFORMED_REQUEST'],
  ])('such as %s is refused', async (_, text, expected) => {
    expectProblem(await exchange(portOf(small), text), expected)
  })
})

describe('slowness', () => {
  it.each([
    ['headers', 'GET /v1/identity HTTP/1.1\r\nhost: a\r\n', 'x-drip: 1\r\n'],
    ['a body', requestText('POST', '/v1/shares', { ...JSON_TYPE, 'content-length': '2000' }), ' '],
  ])('of %s ends the connection', async (_, text, drop) => {
    const socket = await openSocket(portOf(small))
    const answer = whole(socket)
    socket.write(text)
    const drip = setInterval(() => socket.write(drop), 200)
    expectProblem(parseAnswer(await answer.finally(() => clearInterval(drip))), '408 REQUEST_TIMEOUT')
  })

  it('of everything: a connection on which nothing moves is closed', async () => {
    const socket = await openSocket(portOf(small))
    const began = Date.now()
    const answer = whole(socket, 10_000)
    socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n')
    await answer
    expect(Date.now() - began).toBeGreaterThanOrEqual(LIMITS.IDLE_TIMEOUT_MS - 50)
  })
})

describe('connections', () => {
  it('of one address are as many as are allowed; others are told, and there is room again', async () => {
    // All at once: one that says nothing is soon closed.
    const open = await Promise.all(
      Array.from({ length: LIMITS.CONNECTIONS_PER_ADDRESS }, async () => {
        const socket = await openSocket(portOf(small))
        const answered = new Promise((resolve) => socket.once('data', resolve))
        socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n')
        await answered
        return socket
      }),
    )
    const answer = await exchange(portOf(small), requestText('GET', '/healthz'))
    expectProblem(answer, '429 TOO_MANY_REQUESTS')
    expect(answer.headers['retry-after']).toBe('1')
    for (const socket of open) socket.destroy()
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
    let again = 0
    for (let i = 0; i < 50 && again !== 200; i++) again = (await send('GET', '/healthz')).status
    expect(again).toBe(200)
  })
})

describe('requests a minute', () => {
  const from = async ({ url }: CustodianProcess, address: string, path = '/v1/identity') =>
    fetch(`${url}${path}`, { headers: { 'x-forwarded-for': address } })
  const until429 = async (ask: () => Promise<Response>): Promise<[number, Response]> => {
    for (let passed = 0; passed < 100; passed++) {
      const answer = await ask()
      if (answer.status === 429) return [passed, answer]
    }
    throw new Error('100 requests were answered')
  }

  it('of one address are as many as are allowed; others are answered, and health always', async () => {
    const [passed, refused] = await until429(() => from(behind, '198.51.100.1'))
    expect(passed).toBe(PER_MINUTE)
    expect(((await refused.json()) as { code: string }).code).toBe('TOO_MANY_REQUESTS')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await from(behind, '198.51.100.2')).status).toBe(200)
    expect((await from(behind, '198.51.100.1', '/healthz')).status).toBe(200)
  })

  it('of an address are forgotten only once as many others came as are counted', async () => {
    const [passed] = await until429(() => from(behind, '198.51.100.10'))
    expect(passed).toBe(PER_MINUTE)
    for (let i = 1; i <= 4; i++) await from(behind, `198.51.100.${10 + i}`)
    expect((await from(behind, '198.51.100.10')).status).toBe(429)
    for (let i = 1; i <= 5; i++) await from(behind, `198.51.100.${20 + i}`)
    expect((await from(behind, '198.51.100.10')).status).toBe(200)
  })

  it('are not more for whoever names other addresses where no proxy is trusted', async () => {
    let turn = 0
    const [passed] = await until429(() => from(bare, `203.0.113.${++turn}`))
    expect(passed).toBeLessThanOrEqual(PER_MINUTE)
  })

  it('refused to one address do not keep the others from being served', async () => {
    expect((await post(behind.url, '/v1/receipts', {})).status).toBe(400)
    expect((await get(small.url, '/v1/ledger')).status).toBe(200)
  })
})
