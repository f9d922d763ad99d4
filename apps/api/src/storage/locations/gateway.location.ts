import { GranaryError, MAX_BLOCK_BYTES } from '@granary/protocol'
import { CID } from 'multiformats/cid'
import { isBlockOf } from '../unixfs.js'
import { limitedFetch, type Patience, refused } from './limited-fetch.js'
import type { KeptFile, Location } from './location.port.js'

const RAW_TYPE = 'application/vnd.ipld.raw'
const ABSENT = [404, 410]

/**
 * A trustless gateway of somebody else, such as another Granary: raw blocks to read, nothing to write.
 * https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export class GatewayLocation implements Location {
  readonly kind = 'gateway'
  readonly writer = null

  constructor(
    readonly name: string,
    private readonly url: URL,
    private readonly headers: Record<string, string>,
    private readonly patience: Patience,
  ) {}

  async block(cid: string): Promise<Uint8Array | null> {
    const url = new URL(`${this.url.pathname.replace(/\/+$/, '')}/ipfs/${cid}?format=raw`, this.url)
    const headers = { ...this.headers, accept: RAW_TYPE }
    const answer = await limitedFetch(url, { headers, mostBytes: MAX_BLOCK_BYTES }, this.patience)
    if (ABSENT.includes(answer.status)) return null
    if (answer.status !== 200) throw refused(url, answer)
    if (!(await isBlockOf(CID.parse(cid), answer.bytes)))
      throw new GranaryError('LOCATION_LIED', `${this.name} gives another block for ${cid}`)
    return answer.bytes
  }

  async has(_: KeptFile, sample: string[]): Promise<boolean> {
    for (const cid of sample) if (!(await this.block(cid))) return false
    return true
  }
}
