import { readFile } from 'node:fs/promises'
import { GranaryError } from '@granary/protocol'
import { z } from 'zod'
import type { BlobStore } from '../blob-store.port.js'
import { limitedFetch, type Patience, refused } from './limited-fetch.js'
import type { CopyProgress, KeptFile, Location, LocationWriter } from './location.port.js'

const ANSWER_BYTES = 1_048_576
/** A page of pins; for one CID there is seldom more than one. */
const PINS_A_PAGE = 10
const MOST_ORIGINS = 20

const pinSchema = z.object({
  requestid: z.string().min(1).max(1_000),
  status: z.enum(['queued', 'pinning', 'pinned', 'failed']),
  pin: z.object({ cid: z.string() }),
  delegates: z.array(z.string().max(1_000)).max(100).default([]),
})
const pinsSchema = z.object({ count: z.int(), results: z.array(pinSchema).max(1_000) })
type Pin = z.infer<typeof pinSchema>

/**
 * A pinning service, by the standard API: it fetches the file from our node itself, by CID, and is asked how far it is.
 * It gives blocks back only over the IPFS network, so only to a store that takes part in it.
 * https://ipfs.github.io/pinning-services-api-spec/
 */
export class PinningLocation implements Location, LocationWriter {
  readonly kind = 'pinning'
  readonly writer = this

  constructor(
    readonly name: string,
    private readonly url: URL,
    private readonly tokenFile: string,
    private readonly store: BlobStore,
    private readonly patience: Patience,
  ) {}

  async block(cid: string, root: string): Promise<Uint8Array | null> {
    if (!this.store.peer) return null
    const [pin] = await this.pins(root, 'pinned')
    if (!pin) return null
    await this.store.peer.connect(pin.delegates)
    return this.store.block(cid, { timeout: this.patience.timeout })
  }

  async has({ cid }: KeptFile): Promise<boolean> {
    return (await this.pins(cid, 'pinned')).length > 0
  }

  async copy({ cid, ticket }: KeptFile): Promise<CopyProgress> {
    const pin = (ticket && (await this.pin(ticket))) || (await this.pins(cid))[0] || (await this.request(cid))
    if (pin.status === 'failed') {
      await this.forget(pin.requestid)
      throw new GranaryError('LOCATION_PIN_FAILED', `${this.name} could not get ${cid}`)
    }
    // It fetches from us: being connected both ways spares it the search.
    if (pin.status !== 'pinned') await this.store.peer?.connect(pin.delegates)
    return { state: pin.status === 'pinned' ? 'held' : 'pending', ticket: pin.requestid }
  }

  async erase({ cid, ticket }: KeptFile): Promise<void> {
    const asked = new Set<string>(ticket ? [ticket] : [])
    for (const { requestid } of await this.pins(cid)) asked.add(requestid)
    for (const each of asked) await this.forget(each)
    const [left] = await this.pins(cid)
    if (left) throw new GranaryError('LOCATION_REFUSED', `${this.name} still pins ${cid}`)
  }

  private async request(cid: string): Promise<Pin> {
    const origins = ((await this.store.peer?.origins()) ?? []).slice(0, MOST_ORIGINS)
    return this.ask('POST', '/pins', pinSchema, { cid, name: `granary ${cid}`, origins })
  }

  private async pin(ticket: string): Promise<Pin | null> {
    return this.ask('GET', `/pins/${encodeURIComponent(ticket)}`, pinSchema).catch(unknown)
  }

  private async pins(cid: string, status = 'queued,pinning,pinned,failed'): Promise<Pin[]> {
    const query = new URLSearchParams({ cid, status, limit: String(PINS_A_PAGE) })
    const { results } = await this.ask('GET', `/pins?${query}`, pinsSchema)
    return results.filter((each) => each.pin.cid === cid)
  }

  private async forget(ticket: string): Promise<void> {
    await this.ask('DELETE', `/pins/${encodeURIComponent(ticket)}`, z.unknown()).catch(unknown)
  }

  /** Read anew each time: an operator may change it while we run. */
  private async token(): Promise<string> {
    try {
      return (await readFile(this.tokenFile, 'utf8')).trim()
    } catch (cause) {
      throw new GranaryError('FILE_UNREADABLE', `the token of ${this.name} cannot be read`, { cause })
    }
  }

  private async ask<T>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    schema: z.ZodType<T>,
    body?: object,
  ): Promise<T> {
    const url = new URL(this.url.pathname.replace(/\/+$/, '') + path, this.url)
    const token = await this.token()
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    const answer = await limitedFetch(
      url,
      {
        method,
        headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
        mostBytes: ANSWER_BYTES,
      },
      this.patience,
    )
    if (answer.status === 404) throw new UnknownPin()
    if (answer.status >= 300) throw refused(url, answer)
    const parsed = schema.safeParse(method === 'DELETE' ? null : asJson(answer.bytes))
    if (!parsed.success)
      throw new GranaryError('LOCATION_ANSWER_INVALID', `${this.name}: ${parsed.error.issues[0]?.message}`)
    return parsed.data
  }
}

/** The service does not know this request (any more). */
class UnknownPin extends GranaryError {
  constructor() {
    super('LOCATION_REFUSED', 'the service knows no such pin')
  }
}

function unknown(error: unknown): null {
  if (error instanceof UnknownPin) return null
  throw error
}

function asJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return undefined
  }
}
