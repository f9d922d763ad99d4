import { randomBytes } from 'node:crypto'
import { GranaryError } from '@granary/protocol'
import { CarBufferWriter } from '@ipld/car'
import { CID } from 'multiformats/cid'

/** Blocks that go in one request, and requests at once: with more of either Kubo is no faster. */
const MOST_TOGETHER = 8
const MOST_AT_ONCE = 3
/** Of the CAR around one block: its length, and 36 bytes of CID. */
const AROUND_BLOCK = 48
const HEADER = 256
const FULL = /no space left|disk quota|ENOSPC/i

interface Waiting {
  cid: CID
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
  }

  /** Resolves once the block is stored. @throws GranaryError STORE_FULL; what the request threw */
  put(cid: CID, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ cid, bytes, resolve, reject })
      // Those that are put in the same turn of the event loop go together.
      setImmediate(() => this.next())
    })
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
    const boundary = randomBytes(16).toString('hex')
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="blocks.car"\r\n` +
          'content-type: application/vnd.ipld.car\r\n\r\n',
      ),
      carOf(blocks),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
      signal: AbortSignal.timeout(this.timeoutMs),
    })
    const text = await answer.text()
    if (FULL.test(text)) throw new GranaryError('STORE_FULL', undefined, { cause: new Error(text) })
    const count = Number(/"BlockCount":(\d+)/.exec(text)?.[1])
    if (!answer.ok || count !== new Set(blocks.map(({ cid }) => cid.toString())).size)
      throw new Error(`Kubo took ${count} of ${blocks.length} blocks: ${answer.status} ${text.slice(0, 200)}`)
  }
}

function carOf(blocks: readonly Waiting[]): Uint8Array {
  const once = new Map(blocks.map((block) => [block.cid.toString(), block]))
  const size = [...once.values()].reduce((sum, { bytes }) => sum + bytes.length + AROUND_BLOCK, HEADER)
  const [first] = blocks
  const car = CarBufferWriter.createWriter(new ArrayBuffer(size), {
    roots: first ? [CID.asCID(first.cid) as CID] : [],
  })
  for (const { cid, bytes } of once.values()) car.write({ cid, bytes })
  return car.close({ resize: true })
}
