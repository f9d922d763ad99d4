import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NetworkResource } from '@granary/protocol'

/** An API that passes everything on, and lies about the network. */
export interface LyingApi {
  url: string
  /** what it was asked, as `METHOD /path` */
  asked: string[]
  /** From now on `/v1/network` is what `lie` makes of the truth. */
  tell(lie: (truth: NetworkResource) => unknown): void
  end(): Promise<void>
}

export async function startLyingApi(api: string): Promise<LyingApi> {
  const asked: string[] = []
  let lie: (truth: NetworkResource) => unknown = (truth) => truth
  const server: Server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const answer = await fetch(`${api}${request.url}`, { method: request.method ?? 'GET' })
    const text = await answer.text()
    const body = request.url === '/v1/network' ? JSON.stringify(lie(JSON.parse(text))) : text
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tell: (next) => {
      lie = next
    },
    end: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
