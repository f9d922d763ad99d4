import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inTime } from './in-time.js'
import { createOutgoing } from './outgoing.js'

// A server that takes a request and never answers, and a collector that runs meanwhile.

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

let server: Server
let url: string

beforeAll(async () => {
  server = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** The name of the error with which `work` ends while the collector runs. */
async function endOf(work: Promise<unknown>): Promise<string> {
  let ended: string | undefined
  work.then(
    () => {
      ended = 'an answer'
    },
    (error: Error) => {
      ended = error.name
    },
  )
  for (let round = 0; ended === undefined && round < 100; round++) {
    await sleep(100)
    collect()
  }
  return ended ?? 'nothing in ten seconds'
}

describe('a call that nobody answers', () => {
  it('ends in time, whatever is collected meanwhile', async () => {
    expect(await endOf(inTime(500, (signal) => fetch(url, { signal })))).toBe('TimeoutError')
    const asked = createOutgoing(['loopback'])(url, {
      timeoutMs: 500,
      maxBytes: 1,
      signal: new AbortController().signal,
    })
    expect(await endOf(asked)).toBe('GranaryError')
  }, 30_000)

  it('ends when somebody wants it to, also before it began', async () => {
    const controller = new AbortController()
    const asked = inTime(60_000, (signal) => fetch(url, { signal }), controller.signal)
    setTimeout(() => controller.abort(new RangeError('enough')), 200)
    expect(await endOf(asked)).toBe('RangeError')
    const late = inTime(60_000, (signal) => fetch(url, { signal }), controller.signal)
    expect(await endOf(late)).toBe('RangeError')
  })
})

describe('a call that is answered', () => {
  it('gives its answer and leaves no listener behind', async () => {
    const { signal } = new AbortController()
    let added = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      added += 1
      add(...args)
    }) as typeof add
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      added -= 1
      remove(...args)
    }) as typeof remove
    expect(await inTime(1_000, async () => 7, signal)).toBe(7)
    expect(added).toBe(0)
  })
})
