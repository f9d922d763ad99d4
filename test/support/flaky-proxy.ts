import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** A network that drops connections: what passes is cut, stalled or reset by a seed. */
export interface FlakyProxy {
  url: string
  /** bytes that went to the server, headers and all */
  sent(): number
  /** bytes that came from the server, headers and all */
  received(): number
  /** how many connections were broken */
  broken(): number
  /** resolves when so many bytes went to the server; nothing goes on before `retarget` */
  reached(bytes: number): Promise<void>
  /** resolves when so many more bytes came from the server; nothing more comes before `retarget` */
  taken(bytes: number): Promise<void>
  /** from now on to another server */
  retarget(url: string): void
  close(): Promise<void>
}

/**
 * Stands between clients and a server, which `retarget` names. Each connection is broken after some number of bytes, `every` on
 * average: ended, reset, or left hanging for a while and then reset. Listens on `at`, a port that the system picks unless said.
 */
export async function flakyProxy(
  seed: number,
  every: number,
  at: { host: string; port: number } = { host: '127.0.0.1', port: 0 },
): Promise<FlakyProxy> {
  const random = generator(seed)
  const open = new Set<Socket>()
  let goal = new URL('http://127.0.0.1')
  let total = 0
  let broken = 0
  let stand = Number.POSITIVE_INFINITY
  let stands: () => void = () => {}
  let received = 0
  let full = Number.POSITIVE_INFINITY
  let fills: () => void = () => {}
  const server = createServer((client) => {
    const upstream = connect(Number(goal.port), goal.hostname)
    let left = every * (0.2 + 1.6 * random())
    const how = Math.floor(random() * 3)
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk) => {
      left -= chunk.length
      if (left < 0) {
        broken += 1
        client.removeAllListeners('data').pause()
        if (how === 0) client.end()
        if (how === 1) client.resetAndDestroy()
        if (how === 2) setTimeout(() => client.resetAndDestroy(), 500)
        return
      }
      total += chunk.length
      if (total >= stand) {
        client.removeAllListeners('data').pause()
        stands()
        return
      }
      if (!upstream.write(chunk)) {
        client.pause()
        upstream.once('drain', () => client.resume())
      }
    })
    upstream.on('data', (chunk) => {
      received += chunk.length
      const room = client.write(chunk)
      if (received >= full) {
        upstream.pause()
        fills()
      } else if (!room) {
        upstream.pause()
        client.once('drain', () => received < full && upstream.resume())
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, resolve)
  })
  return {
    url: `http://${at.host}:${(server.address() as AddressInfo).port}`,
    sent: () => total,
    received: () => received,
    broken: () => broken,
    reached: (bytes) =>
      new Promise((resolve) => {
        stand = bytes
        stands = resolve
      }),
    taken: (bytes) =>
      new Promise((resolve) => {
        full = received + bytes
        fills = resolve
      }),
    retarget: (url) => {
      stand = Number.POSITIVE_INFINITY
      full = Number.POSITIVE_INFINITY
      goal = new URL(url)
    },
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
