import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const LOOK_MS = 100

/**
 * A load balancer of the plainest kind: asks each replica's /readyz ten times a second and passes requests on to those
 * that are ready, in turn. Nothing is tried twice: what a replica does not answer is a failure.
 */
export async function startBalancer() {
  const replicas = new Map<string, boolean>()
  let turn = 0
  const look = async () => {
    for (const url of replicas.keys()) {
      const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
        async (answer) => {
          await answer.arrayBuffer()
          return answer.ok
        },
        () => false,
      )
      if (replicas.has(url)) replicas.set(url, ready)
    }
  }
  let closed = false
  const looking = (async () => {
    while (!closed) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  })()
  const server = createServer((incoming, outgoing) => {
    const ready = [...replicas].filter(([, isReady]) => isReady).map(([url]) => url)
    const url = ready[turn++ % ready.length]
    if (!url) return void outgoing.writeHead(502).end('no replica is ready')
    const { method, headers } = incoming
    const passed = ask(new URL(incoming.url ?? '/', url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', (error) => outgoing.headersSent || outgoing.writeHead(502).end(error.message))
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (url: string) => void replicas.set(url, false),
    remove: (url: string) => void replicas.delete(url),
    isReady: (url: string) => replicas.get(url) === true,
    async close() {
      closed = true
      await looking
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
