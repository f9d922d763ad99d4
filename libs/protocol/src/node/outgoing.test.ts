import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, isIPv4, type LookupFunction } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { errorCode } from '../errors.js'
import { createOutgoing, type OutgoingOptions } from './outgoing.js'

// A server on loopback stands for what an attacker wants a program to call.

let server: Server
let port: number
const asked: IncomingMessage[] = []

beforeAll(async () => {
  server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function answer(request: IncomingMessage, response: ServerResponse): void {
  asked.push(request)
  if (request.url === '/elsewhere')
    response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end('moved')
  else if (request.url === '/slow') response.write('x')
  else if (request.url === '/large') response.end('x'.repeat(2_000))
  else if (request.url === '/echo') request.pipe(response)
  else response.end('secret')
}

const OPTIONS: OutgoingOptions = { timeoutMs: 20_000, maxBytes: 1_000 }
const codeOf = (work: Promise<unknown>) => work.then(() => null, errorCode)
const textOf = ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes)
const local = (path = '/') => `http://127.0.0.1:${port}${path}`

/** A name server that answers with these, one after the other, and the last for ever. */
function answering(...lists: string[][]): LookupFunction & { looks: number } {
  const lookup = ((_name, options, done) => {
    const list = lists[Math.min(lookup.looks++, lists.length - 1)] ?? []
    const all = list.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }))
    if (options.all) done(null, all)
    else done(null, all[0]?.address ?? '', all[0]?.family)
  }) as LookupFunction & { looks: number }
  lookup.looks = 0
  return lookup
}

describe('an address that may not be called', () => {
  it.each([
    ['this machine', () => local()],
    ['this machine in another spelling', () => `http://2130706433:${port}/`],
    ['this machine in octal', () => `http://0177.0.0.1:${port}/`],
    ['this machine by IPv6', () => `http://[::ffff:127.0.0.1]:${port}/`],
    ['this machine by nothing', () => `http://0.0.0.0:${port}/`],
    ['this machine by its name', () => `http://localhost:${port}/`],
    ["a cloud's metadata", () => 'http://169.254.169.254/latest/meta-data/'],
    ['the house', () => 'http://192.168.0.1/'],
    ['a file', () => 'file:///etc/passwd'],
    ['another protocol', () => 'gopher://127.0.0.1:6379/_FLUSHALL'],
    ['data', () => 'data:text/plain,secret'],
    ['credentials', () => 'http://user:password@8.8.8.8/'],
    ['no URL', () => 'nowhere'],
  ])('such as %s is not', async (_, url) => {
    const before = asked.length
    expect(await codeOf(createOutgoing([])(url(), OPTIONS))).toBe('URL_REFUSED')
    expect(asked.length).toBe(before)
  })

  it('is not called by a name that leads there', async () => {
    for (const list of [['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['10.0.0.1', '127.0.0.1']]) {
      const outgoing = createOutgoing([], answering(list))
      expect(await codeOf(outgoing(`http://evil.example:${port}/`, OPTIONS))).toBe('URL_REFUSED')
    }
  })

  it('is not called by a name that leads there the second time', async () => {
    // Judged is the very look whose address is connected to: there is no second one between.
    const lookup = answering(['192.168.0.1'], ['127.0.0.1'])
    const outgoing = createOutgoing(['loopback'], lookup)
    expect(await codeOf(outgoing(`http://rebinding.example:${port}/`, OPTIONS))).toBe('URL_REFUSED')
    expect(lookup.looks).toBe(1)
    expect(textOf(await outgoing(`http://rebinding.example:${port}/`, OPTIONS))).toBe('secret')
    expect(lookup.looks).toBe(2)
  })

  it('is left out when a name has others', async () => {
    const outgoing = createOutgoing(['loopback'], answering(['192.168.0.1', '127.0.0.1']))
    expect(textOf(await outgoing(`http://mixed.example:${port}/`, OPTIONS))).toBe('secret')
  })
})

describe('an answer', () => {
  const outgoing = createOutgoing(['loopback'])

  it('that leads elsewhere is not followed', async () => {
    const before = asked.length
    const { ok, status } = await outgoing(local('/elsewhere'), OPTIONS)
    expect([ok, status, asked.length - before]).toEqual([false, 302, 1])
  })

  it('that is too large or too slow is given up', async () => {
    expect(await codeOf(outgoing(local('/large'), OPTIONS))).toBe('ANSWER_INVALID')
    expect((await outgoing(local('/large'), { ...OPTIONS, maxBytes: 2_000 })).bytes.length).toBe(2_000)
    expect(await codeOf(outgoing(local('/slow'), { ...OPTIONS, timeoutMs: 200 }))).toBe('UNREACHABLE')
    const late = AbortSignal.timeout(100)
    expect(await codeOf(outgoing(local('/slow'), { ...OPTIONS, signal: late }))).toBe('UNREACHABLE')
  })

  it('from nobody is none', async () => {
    const outgoing = createOutgoing(['loopback'])
    expect(await codeOf(outgoing('http://127.0.0.1:1/', OPTIONS))).toBe('UNREACHABLE')
  })

  it('comes to what was sent', async () => {
    const options = {
      ...OPTIONS,
      method: 'POST' as const,
      body: '{"ä":1}',
      headers: { 'content-type': 'application/json' },
    }
    expect(textOf(await outgoing(local('/echo'), options))).toBe('{"ä":1}')
    expect(asked.at(-1)?.headers).toMatchObject({ 'content-length': '8', 'content-type': 'application/json' })
  })
})
