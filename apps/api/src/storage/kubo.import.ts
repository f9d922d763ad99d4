import { randomBytes } from 'node:crypto'
import { Agent as HttpAgent, request as overHttp } from 'node:http'
import { Agent as HttpsAgent, request as overHttps } from 'node:https'
import { text as textOf } from 'node:stream/consumers'
import { followed } from '@granary/operation'
import { carHeader, carSection, GranaryError } from '@granary/protocol'
import { inTime } from '@granary/protocol/node'

/** Blocks that go in one request, and requests at once: with more of either Kubo is no faster. */
const MOST_TOGETHER = 8
const MOST_AT_ONCE = 3
const FULL = /no space left|disk quota|ENOSPC/i

interface Waiting {
  cid: string
  bytes: Uint8Array
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * Brings blocks to a Kubo node by `dag/import`, those that come at the same time in one request: with a request for each
 * (`block/put`) the requests take longer than the blocks. Kubo compares each block with its CID.
 */
export class KuboImport {
  private readonly url: string
  private readonly agent: HttpAgent
  private readonly queue: Waiting[] = []
  private inFlight = 0

  /**
   * @param base of the RPC API
   * @param timeoutMs for one request
   */
  constructor(
    base: string,
    private readonly timeoutMs: number,
  ) {
    const url = new URL('/api/v0/dag/import', base)
    // Whoever has all blocks of a file pins it; statistics tell that every block has come.
    url.search = 'pin-roots=false&stats=true&allow-big-block=true'
    this.url = url.href
    this.agent = new (url.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true })
  }

  /**
   * Resolves once the block is stored; nobody reads `bytes` from then on.
   *
   * @throws GranaryError STORE_FULL; what the request threw
   */
  put(cid: string, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ cid, bytes, resolve, reject })
      // Those that are put in the same turn of the event loop go together.
      setImmediate(() => this.next())
    })
  }

  close(): void {
    this.agent.destroy()
  }

  private next(): void {
    if (this.inFlight >= MOST_AT_ONCE || this.queue.length === 0) return
    const some = this.queue.splice(0, MOST_TOGETHER)
    this.inFlight += 1
    this.send(some)
      .then(
        () => {
          for (const { resolve } of some) resolve()
        },
        (error) => {
          for (const { reject } of some) reject(error)
        },
      )
      .finally(() => {
        this.inFlight -= 1
        this.next()
      })
  }

  private async send(blocks: readonly Waiting[]): Promise<void> {
    const once = [...new Map(blocks.map((block) => [block.cid, block])).values()]
    const boundary = randomBytes(16).toString('hex')
    const { status, text } = await post(this.url, {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      parts: form(boundary, once),
      agent: this.agent,
      timeoutMs: this.timeoutMs,
    })
    if (FULL.test(text)) throw new GranaryError('STORE_FULL', undefined, { cause: new Error(text) })
    const count = Number(/"BlockCount":(\d+)/.exec(text)?.[1])
    if (status !== 200 || count !== once.length)
      throw new Error(`Kubo took ${count} of ${once.length} blocks: ${status} ${text.slice(0, 200)}`)
  }
}

interface Post {
  method: 'POST'
  headers: Record<string, string>
  parts: readonly Uint8Array[]
  agent: HttpAgent
  timeoutMs: number
}

/** Past `fetch`, which takes a body in one piece only, or as a stream that copies it. */
const post = followed(send)

function send(url: string, options: Post): Promise<{ status: number; text: string }> {
  return inTime(options.timeoutMs, (signal) => sendOnce(url, options, signal))
}

function sendOnce(
  url: string,
  options: Post,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  const { method, headers, parts, agent } = options
  return new Promise((resolve, reject) => {
    const call = (url.startsWith('https:') ? overHttps : overHttp)(url, {
      method,
      agent,
      headers: { ...headers, 'content-length': parts.reduce((sum, part) => sum + part.length, 0) },
      signal,
    })
    call.once('error', (error: NodeJS.ErrnoException) => {
      // A connection that was kept and closed over there just now; what is stored twice is stored once.
      if (call.reusedSocket && error.code === 'ECONNRESET') resolve(sendOnce(url, options, signal))
      else reject(error)
    })
    call.once('response', (answer) => {
      textOf(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject)
    })
    for (const part of parts) call.write(part)
    call.end()
  })
}

/** A form with one file, the CAR of the blocks. The blocks are in it as they are, none is copied. */
function form(boundary: string, blocks: readonly Waiting[]): Uint8Array[] {
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="blocks.car"\r\n` +
    'content-type: application/vnd.ipld.car\r\n\r\n'
  const [first] = blocks
  return [
    Buffer.from(head),
    carHeader(first?.cid ?? ''),
    ...blocks.flatMap(({ cid, bytes }) => [carSection(cid, bytes.length), bytes]),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]
}
