import { access, mkdir } from 'node:fs/promises'
import { type ContentAddress, importFile } from '@granary/protocol'
import { FsBlockstore } from 'blockstore-fs'
import { CID } from 'multiformats/cid'
import type { BlobStore } from './blob-store.port.js'
import { fileSize, isBlockOf, parseCid, readFile } from './unixfs.js'

/** Blocks as files below one folder of this machine. */
export class EmbeddedBlobStore implements BlobStore {
  readonly name: string

  private constructor(
    private readonly folder: string,
    private readonly blocks: FsBlockstore,
  ) {
    this.name = `embedded (${folder})`
  }

  static async open(folder: string): Promise<EmbeddedBlobStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const blocks = new FsBlockstore(folder)
    await blocks.open()
    return new EmbeddedBlobStore(folder, blocks)
  }

  importFile(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ContentAddress> {
    return importFile(source, {
      put: async (cid, bytes) => {
        await this.blocks.put(CID.parse(cid), bytes)
      },
    })
  }

  async block(text: string): Promise<Uint8Array | null> {
    const cid = parseCid(text)
    return cid ? this.get(cid) : null
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
    await access(this.folder)
  }

  async close(): Promise<void> {
    await this.blocks.close()
  }

  private async get(cid: CID): Promise<Uint8Array | null> {
    try {
      const parts: Uint8Array[] = []
      for await (const part of this.blocks.get(cid)) parts.push(part)
      const bytes = parts.length === 1 && parts[0] ? parts[0] : new Uint8Array(Buffer.concat(parts))
      // A block cut short by a crash counts as missing.
      return (await isBlockOf(cid, bytes)) ? bytes : null
    } catch (error) {
      if ((error as Error).name === 'NotFoundError') return null
      throw error
    }
  }
}
