import { type ContentAddress, importFile } from '@granary/protocol'
import { create, type KuboRPCClient } from 'ipfs-http-client'
import { CID } from 'multiformats/cid'
import type { BlobStore } from './blob-store.port.js'
import { fileSize, isBlockOf, parseCid, readFile } from './unixfs.js'

const RAW = 0x55
const TIMEOUT = 5_000
/** Of a call that stores: a block is at most 1 MiB; a pin reads all blocks of its file. */
const STORE_TIMEOUT = 60_000
const PIN_TIMEOUT = 1_800_000

/**
 * Blocks in a Kubo node, through its RPC API. The file is cut into blocks here, not by `add`: so the CID cannot depend
 * on the node's version or import profile. Roots are pinned.
 */
export class KuboBlobStore implements BlobStore {
  readonly name: string
  private readonly client: KuboRPCClient

  constructor(url: string) {
    this.name = `kubo (${new URL(url).host})`
    this.client = create({ url })
  }

  async importFile(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ContentAddress> {
    const address = await importFile(source, {
      put: async (text, bytes) => {
        const cid = CID.parse(text)
        const format = cid.code === RAW ? 'raw' : 'dag-pb'
        const signal = AbortSignal.timeout(STORE_TIMEOUT)
        const stored = await this.client.block.put(bytes, { format, mhtype: 'sha2-256', version: 1, signal })
        if (!Buffer.from(stored.multihash.digest).equals(cid.multihash.digest))
          throw new Error(`Kubo stored ${stored} for ${cid}`)
      },
    })
    await this.client.pin.add(CID.parse(address.cid), { signal: AbortSignal.timeout(PIN_TIMEOUT) })
    return address
  }

  async block(text: string, options: { timeout?: number; local?: boolean } = {}): Promise<Uint8Array | null> {
    const cid = parseCid(text)
    return cid ? this.get(cid, options) : null
  }

  async size(text: string): Promise<number | null> {
    const cid = parseCid(text)
    return cid ? fileSize(cid, (key) => this.get(key)) : null
  }

  read(text: string, range?: { offset: number; length: number }): AsyncIterable<Uint8Array> {
    const cid = parseCid(text)
    if (!cid) throw new TypeError('cid must be one of a file')
    return readFile(cid, (key) => this.get(key), range)
  }

  async check(): Promise<void> {
    await this.client.version({ signal: AbortSignal.timeout(TIMEOUT) })
  }

  async close(): Promise<void> {}

  private async get(
    cid: CID,
    { timeout = TIMEOUT, local = false }: { timeout?: number; local?: boolean } = {},
  ): Promise<Uint8Array | null> {
    const signal = AbortSignal.timeout(timeout)
    try {
      const bytes = await this.client.block.get(cid, { signal, offline: local } as Parameters<
        typeof this.client.block.get
      >[1])
      return (await isBlockOf(cid, bytes)) ? bytes : null
    } catch (error) {
      // Kubo looks for a block it lacks in the network until it is told to stop.
      if (signal.aborted || /not found|could not find/i.test((error as Error).message)) return null
      throw error
    }
  }
}
