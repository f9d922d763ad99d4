import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer on its way: status, headers and the body as it is sent, packed or not. */
export interface WebAnswer {
  status: number
  headers: OutgoingHttpHeaders
  body: Buffer
}

/** What somebody asked for. */
export interface WebQuestion {
  path: string
  headers: IncomingHttpHeaders
}

/** Whoever serves the web app, and may lie about it. */
export interface LyingWeb {
  url: string
  /** what it was asked since it began to tell what it tells now */
  asked: WebQuestion[]
  /** From now on each answer is what `lie` makes of the true one; `null` = none ever comes. */
  tell(lie: (answer: WebAnswer, question: WebQuestion) => WebAnswer | null): void
  end(): Promise<void>
}

/** Serves what `origin` serves, byte by byte, until it is told to lie. */
export async function startLyingWeb(origin: string): Promise<LyingWeb> {
  let lie: Parameters<LyingWeb['tell']>[0] = (answer) => answer
  const asked: WebQuestion[] = []
  const server = createServer(async (incoming, response) => {
    const question = { path: incoming.url ?? '/', headers: incoming.headers }
    asked.push(question)
    const answer = lie(await answerOf(origin, incoming), question)
    if (!answer) return
    const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...headers } = answer.headers
    response.writeHead(answer.status, headers).end(answer.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tell: (next) => {
      asked.length = 0
      lie = next
    },
    end: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function answerOf(origin: string, { url, headers }: IncomingMessage): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    request(new URL(url ?? '/', origin), { headers }, async (answer) => {
      const parts: Buffer[] = []
      for await (const part of answer) parts.push(part)
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) })
    })
      .on('error', reject)
      .end()
  })
}
