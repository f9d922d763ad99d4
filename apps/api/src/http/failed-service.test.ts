import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FetchRequest, JsonRpcProvider, Network } from 'ethers'
import { create } from 'ipfs-http-client'
import { failedService } from './failed-service.js'

// What the clients of our services throw when a service is away, named from what they really throw.

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('failedService', () => {
  let url: string
  const server = createServer((socket) => socket.once('data', () => answer(socket)))
  let answer: (socket: import('node:net').Socket) => void

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((done) => server.close(done)))

  const askChain = async (at = url) => {
    const network = Network.from(31_337)
    const request = new FetchRequest(at)
    request.timeout = 500
    request.setThrottleParams({ maxAttempts: 1 })
    const provider = new JsonRpcProvider(request, network, { staticNetwork: network })
    const error = await thrownBy(provider.send('eth_blockNumber', []))
    provider.destroy()
    return failedService(error)
  }

  it('blames nobody for faults that are no connection’s', () => {
    for (const error of [
      undefined,
      null,
      'P1001',
      new Error('P1001'),
      { code: 'P2002' },
      new TypeError('no'),
    ])
      expect(failedService(error)).toBeUndefined()
  })

  it('knows a database that is away by Prisma’s codes', () => {
    expect(failedService({ code: 'P1001' })).toBe('DATABASE_UNAVAILABLE')
    expect(failedService({ code: 'P1017' })).toBe('DATABASE_UNAVAILABLE')
    const raw = "Raw query failed. Code: `N/A`. Message: `Can't reach database server at 127.0.0.1:5432`"
    expect(failedService({ code: 'P2010', message: raw })).toBe('DATABASE_UNAVAILABLE')
    const closed = 'Raw query failed. Code: `N/A`. Message: `Server has closed the connection.`'
    expect(failedService({ code: 'P2010', message: closed })).toBe('DATABASE_UNAVAILABLE')
    const starting =
      'Database error. Code: `57P03`. Message: `the database system is not yet accepting connections`'
    expect(failedService(new Error(starting))).toBe('DATABASE_UNAVAILABLE')
    expect(failedService({ code: 'P2010', message: 'Raw query failed. Code: `42601`' })).toBeUndefined()
    expect(failedService(new Error('Connection terminated unexpectedly'))).toBe('DATABASE_UNAVAILABLE')
  })

  it('knows a chain that is away, closes the connection, answers with a failure, rubbish or not at all', async () => {
    expect(await askChain('http://127.0.0.1:1')).toBe('CHAIN_UNAVAILABLE')
    answer = (socket) => socket.destroy()
    expect(await askChain()).toBe('CHAIN_UNAVAILABLE')
    answer = (socket) => socket.end('HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n')
    expect(await askChain()).toBe('CHAIN_UNAVAILABLE')
    answer = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>')
    expect(await askChain()).toBe('CHAIN_UNAVAILABLE')
    answer = (socket) => setTimeout(() => socket.destroy(), 1_000).unref()
    expect(await askChain()).toBe('CHAIN_UNAVAILABLE')
  })

  it('knows a block store that is away or closes the connection', async () => {
    const ask = (at: string) => thrownBy(create({ url: at }).version())
    expect(failedService(await ask('http://127.0.0.1:1'))).toBe('STORAGE_UNAVAILABLE')
    answer = (socket) => socket.destroy()
    expect(failedService(await ask(url))).toBe('STORAGE_UNAVAILABLE')
    answer = (socket) => socket.end('HTTP/1.1 500 Broken\r\ncontent-length: 13\r\n\r\nrepo not open')
    expect(failedService(await ask(url))).toBe('STORAGE_UNAVAILABLE')
  })
})
