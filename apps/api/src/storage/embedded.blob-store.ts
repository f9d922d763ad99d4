import { randomBytes } from 'node:crypto'
import { access, mkdir, open, readFile as readWhole, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ContentAddress, GranaryError, importFile } from '@granary/protocol'
import { makeFolder } from '@granary/protocol/node'
import { FsBlockstore } from 'blockstore-fs'
import { NextToLast } from 'blockstore-fs/sharding'
import { CID } from 'multiformats/cid'
import type { BlobStore, Notes } from './blob-store.port.js'
import { embeddedNotes } from './embedded.notes.js'
import { fileBlocks, fileSize, isBlockOf, parseCid, readFile } from './unixfs.js'

const NOTES = '.notes'
const FULL = new Set(['ENOSPC', 'EDQUOT'])

/**
 * Blocks as files below one folder of this machine, laid out as `blockstore-fs` does. It collects nothing by itself, so
 * a pin is no more than a look whether all is there.
 */
export class EmbeddedBlobStore implements BlobStore {
  readonly name: string
  readonly notes: Notes
  private readonly layout = new NextToLast()

  private constructor(
    private readonly folder: string,
    private readonly blocks: FsBlockstore,
  ) {
    this.name = `embedded (${folder})`
    this.notes = embeddedNotes(join(folder, NOTES))
  }

  /** @throws GranaryError STORAGE_UNAVAILABLE when there can be no such folder */
  static async open(folder: string): Promise<EmbeddedBlobStore> {
    await makeFolder(folder).catch((cause: Error) => {
      throw new GranaryError('STORAGE_UNAVAILABLE', `the folder of BLOCKSTORE_DIR: ${cause.message}`, {
        cause,
      })
    })
    const blocks = new FsBlockstore(folder)
    await blocks.open()
    return new EmbeddedBlobStore(folder, blocks)
  }

  importFile(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ContentAddress> {
    return importFile(source, this)
  }

  /** Never a file by halves under a block's name, and none left behind when the disk is full. */
  async put(text: string, bytes: Uint8Array): Promise<void> {
    const path = this.path(CID.parse(text))
    const half = `${path}.${randomBytes(6).toString('hex')}`
    try {
      await mkdir(dirname(path), { recursive: true })
      const file = await open(half, 'w', 0o600)
      try {
        await file.writeFile(bytes)
        await file.datasync()
      } finally {
        await file.close()
      }
      await rename(half, path)
    } catch (cause) {
      await rm(half, { force: true })
      if (!FULL.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause
      throw new GranaryError('STORE_FULL', undefined, { cause })
    }
  }

  async pin(root: string): Promise<void> {
    const cid = parseCid(root)
    if (!cid) throw new TypeError('root must be the CID of a file')
    for (const block of await fileBlocks(cid, (key) => this.get(key)))
      if (!(await this.blocks.has(CID.parse(block.cid))))
        throw new GranaryError('CONTENT_UNAVAILABLE', `block ${block.cid} is not here`)
  }

  async unpin(): Promise<void> {}

  async remove(cids: readonly string[]): Promise<{ removed: string[]; kept: string[] }> {
    for (const cid of cids) await rm(this.path(CID.parse(cid)), { force: true })
    return { removed: [...cids], kept: [] }
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder)
    return bavail * bsize
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

  private path(cid: CID): string {
    const { dir, file } = this.layout.encode(cid)
    return join(this.folder, dir, file)
  }

  /** A block that cannot be read, or was cut short by a crash, counts as missing. */
  private async get(cid: CID): Promise<Uint8Array | null> {
    // In one piece: `blockstore-fs` streams it, which takes several times as long.
    const file = await readWhole(this.path(cid)).catch(() => null)
    if (file === null) return null
    const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length)
    return (await isBlockOf(cid, bytes)) ? bytes : null
  }
}
