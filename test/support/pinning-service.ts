import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KuboNode } from './kubo.js'

// A pinning service as its standard says (https://ipfs.github.io/pinning-services-api-spec/), honest and small: what it
// pins it fetches into a Kubo node of its own, over the IPFS network.

interface Pin {
  requestid: string
  status: 'queued' | 'pinning' | 'pinned' | 'failed'
  created: string
  pin: { cid: string; name?: string; origins?: string[] }
  delegates: string[]
}

export interface PinningService {
  url: string
  token: string
  /** what it holds or works on, by request */
  pins: Map<string, Pin>
  close(): Promise<void>
}

export async function pinningService(kubo: KuboNode): Promise<PinningService> {
  const pins = new Map<string, Pin>()
  const token = randomUUID()
  const { Addresses: delegates } = JSON.parse((await kubo.rpc('id')).text) as { Addresses: string[] }

  const work = async (pin: Pin) => {
    pin.status = 'pinning'
    for (const origin of pin.pin.origins ?? []) await kubo.rpc('swarm/connect', { arg: origin })
    const { ok } = await kubo.rpc('pin/add', { arg: pin.pin.cid, timeout: '20s' })
    pin.status = ok ? 'pinned' : 'failed'
  }
  const answer = async (request: IncomingMessage): Promise<[status: number, body?: unknown]> => {
    if (request.headers.authorization !== `Bearer ${token}`) return fault(401, 'UNAUTHORIZED')
    const url = new URL(request.url ?? '/', 'http://localhost')
    const id = /^\/psa\/pins\/(.+)$/.exec(url.pathname)?.[1]
    if (id !== undefined) {
      const pin = pins.get(decodeURIComponent(id))
      if (!pin) return fault(404, 'NOT_FOUND')
      if (request.method === 'GET') return [200, pin]
      pins.delete(pin.requestid)
      if (![...pins.values()].some((other) => other.pin.cid === pin.pin.cid)) {
        await kubo.rpc('pin/rm', { arg: pin.pin.cid })
        await kubo.rpc('repo/gc')
      }
      return [202]
    }
    if (url.pathname !== '/psa/pins') return fault(404, 'NOT_FOUND')
    if (request.method === 'GET') {
      const wanted = (name: string) => url.searchParams.get(name)?.split(',')
      const status = wanted('status') ?? ['pinned']
      const found = [...pins.values()].filter(
        (pin) => status.includes(pin.status) && (wanted('cid') ?? [pin.pin.cid]).includes(pin.pin.cid),
      )
      return [
        200,
        { count: found.length, results: found.slice(0, Number(url.searchParams.get('limit') ?? 10)) },
      ]
    }
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const asked = JSON.parse(Buffer.concat(parts).toString()) as Pin['pin']
    if (!asked.cid) return fault(400, 'BAD_REQUEST')
    const requestid = randomUUID()
    const pin: Pin = { requestid, status: 'queued', created: new Date().toISOString(), pin: asked, delegates }
    pins.set(requestid, pin)
    void work(pin)
    return [202, pin]
  }
  const server = createServer((request, response) => {
    answer(request).then(
      ([status, body]) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(body === undefined ? '' : JSON.stringify(body)),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/psa`,
    token,
    pins,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

const fault = (status: number, reason: string): [number, unknown] => [status, { error: { reason } }]
