import { GranaryError, MAX_BLOCK_BYTES } from '@granary/protocol'
import { CID } from 'multiformats/cid'
import { isBlockOf } from '../unixfs.js'
import { limitedFetch, type Patience, refused } from './limited-fetch.js'
import type { CopyProgress, KeptFile, Location, LocationWriter } from './location.port.js'

const RAW = 0x55
const SAID_BYTES = 65_536
/** Pinning walks the whole file. */
const PIN_PATIENCE = 8
const REMOVED_AT_ONCE = 100

/** Another Kubo node, by its RPC API: only what it has itself counts. */
export class KuboLocation implements Location, LocationWriter {
  readonly kind = 'kubo'
  readonly writer = this

  constructor(
    readonly name: string,
    private readonly url: URL,
    private readonly headers: Record<string, string>,
    private readonly patience: Patience,
  ) {}

  async block(cid: string): Promise<Uint8Array | null> {
    const { status, bytes } = await this.call('block/get', { arg: cid }, MAX_BLOCK_BYTES + 1)
    if (status !== 200) return this.absent(status, bytes)
    if (!(await isBlockOf(CID.parse(cid), bytes)))
      throw new GranaryError('LOCATION_LIED', `${this.name} gives another block for ${cid}`)
    return bytes
  }

  async has(_: KeptFile, sample: string[]): Promise<boolean> {
    for (const cid of sample) if (!(await this.block(cid))) return false
    return true
  }

  async copy(
    { cid: root, blocks, doubtful }: KeptFile,
    read: (cid: string) => Promise<Uint8Array | null>,
  ): Promise<CopyProgress> {
    for (const cid of blocks) {
      const there = doubtful ? await this.verified(cid, root) : await this.knows(cid)
      if (there) continue
      const bytes = await read(cid)
      if (!bytes) throw new GranaryError('CONTENT_UNAVAILABLE', `block ${cid} is not here`)
      await this.put(cid, bytes)
    }
    const pinned = await this.call('pin/add', { arg: root }, SAID_BYTES, PIN_PATIENCE)
    if (pinned.status !== 200) throw refused(this.url, pinned)
    return { state: 'held', ticket: null }
  }

  async erase({ cid: root }: KeptFile, removable: string[]): Promise<void> {
    await this.unpin(root)
    for (let i = 0; i < removable.length; i += REMOVED_AT_ONCE)
      await this.remove(removable.slice(i, i + REMOVED_AT_ONCE))
  }

  /** What is there but false goes: Kubo keeps a block that it has, whatever is put. */
  private async verified(cid: string, root: string): Promise<boolean> {
    try {
      return (await this.block(cid)) !== null
    } catch (error) {
      if ((error as GranaryError).code !== 'LOCATION_LIED') throw error
      await this.unpin(root)
      await this.remove([cid])
      return false
    }
  }

  private async knows(cid: string): Promise<boolean> {
    const { status, bytes } = await this.call('block/stat', { arg: cid }, SAID_BYTES)
    return status === 200 || this.absent(status, bytes) !== null
  }

  private async put(cid: string, bytes: Uint8Array): Promise<void> {
    const form = new FormData()
    form.append('data', new Blob([bytes as Uint8Array<ArrayBuffer>]))
    const codec = CID.parse(cid).code === RAW ? 'raw' : 'dag-pb'
    const url = this.at('block/put', { 'cid-codec': codec, mhtype: 'sha2-256', pin: 'false' })
    const request = { method: 'POST', headers: this.headers, body: form, mostBytes: SAID_BYTES } as const
    const answer = await limitedFetch(url, request, this.patience)
    if (answer.status !== 200) throw refused(url, answer)
  }

  private async unpin(root: string): Promise<void> {
    const { status, bytes } = await this.call('pin/rm', { arg: root }, SAID_BYTES)
    if (status !== 200 && !/not pinned/i.test(textOf(bytes))) throw refused(this.url, { status, bytes })
  }

  /** Blocks that another file there still needs are pinned, and stay. */
  private async remove(cids: string[]): Promise<void> {
    const answer = await this.call('block/rm', { arg: cids, force: 'true' }, SAID_BYTES)
    const faults = textOf(answer.bytes)
      .split('\n')
      .filter((line) => /"Error":"[^"]/.test(line) && !/pinned/i.test(line))
    if (answer.status !== 200 || faults.length > 0) throw refused(this.url, answer)
  }

  private absent(status: number, bytes: Uint8Array): null {
    if (/not found|could not find/i.test(textOf(bytes))) return null
    throw refused(this.url, { status, bytes })
  }

  /** Kubo answers 500 to everything that fails; whether that may pass is for us to say. */
  private call(command: string, args: Record<string, string | string[]>, mostBytes: number, times = 1) {
    const { timeout, attempts } = this.patience
    const request = { method: 'POST', headers: this.headers, mostBytes, finalErrors: true } as const
    return limitedFetch(this.at(command, args), request, { timeout: timeout * times, attempts })
  }

  private at(command: string, args: Record<string, string | string[]>): URL {
    const url = new URL(`${this.url.pathname.replace(/\/+$/, '')}/api/v0/${command}`, this.url)
    for (const [name, values] of Object.entries({ ...args, offline: 'true' }))
      for (const value of [values].flat()) url.searchParams.append(name, value)
    return url
  }
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, SAID_BYTES)).toString()
