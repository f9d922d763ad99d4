import { setTimeout as wait } from 'node:timers/promises'
import { type ContentAddress, type Hex, importFile } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { BLOB_STORE } from '../app.tokens.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { type FileBlock, fileBlocks, parseCid } from '../storage/unixfs.js'
import { BlocksRepository } from './blocks.repository.js'

const REMOVED_AT_ONCE = 200
const REMOVAL_SECONDS = 60
const LOOK_MS = 100

/**
 * Which blocks the files here consist of, and how a block goes without taking another file's with it: anybody may upload
 * a file that contains a block of somebody else's ciphertext, since that is public.
 *
 * Who stores a block writes down first that it is used, then looks whether it is being removed, and waits for the end
 * of that. Who removes one announces it first, then looks whether it is used. So one of the two sees the other.
 */
@Injectable()
export class BlocksService {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly repository: BlocksRepository,
  ) {}

  /** The blocks of a file here: leaves in order, then nodes, the root last. @throws GranaryError CONTENT_UNAVAILABLE */
  async of(content: string, root: string): Promise<FileBlock[]> {
    const known = await this.repository.of(content)
    if (known.length > 0) return known.map(({ cid, size }) => ({ cid, size }))
    const cid = parseCid(root)
    if (!cid) throw new TypeError('root must be the CID of a file')
    const blocks = await fileBlocks(cid, (key) => this.blobs.block(key.toString(), { local: true }))
    await this.repository.add(content, blocks)
    return blocks
  }

  /** Writes down that a content consists of these blocks. To be called before they are stored. Repeatable. */
  record(content: Hex, blocks: readonly FileBlock[]): Promise<void> {
    return this.repository.add(content, blocks)
  }

  /** Resolves once none of the blocks is being removed. To be called after their use was written down. */
  async settled(cids: readonly string[]): Promise<void> {
    while (cids.length > 0 && (await this.repository.anyRemoved(cids))) await wait(LOOK_MS)
  }

  /** Imports a document, with its blocks written down. */
  async importDocument(bytes: Uint8Array): Promise<ContentAddress> {
    const blocks: { cid: string; bytes: Uint8Array }[] = []
    const put = (cid: string, block: Uint8Array) => {
      blocks.push({ cid, bytes: block })
    }
    const address = await importFile([bytes], { put })
    await this.record(
      address.content,
      blocks.map((block) => ({ cid: block.cid, size: block.bytes.length })),
    )
    await this.settled(blocks.map(({ cid }) => cid))
    for (const block of blocks) await this.blobs.put(block.cid, block.bytes)
    await this.blobs.pin(address.cid)
    return address
  }

  /**
   * Forgets that a content is here, unpins its root and removes its blocks, apart from those that another file, document
   * or upload has. False, and nothing is done, when the content is a document that is needed.
   */
  async discard(content: string, root: string): Promise<boolean> {
    if (await this.repository.isDocument(content)) return false
    const blocks = await this.of(content, root)
    await this.repository.forget(content)
    await this.blobs.unpin(root)
    await this.release(blocks.map(({ cid }) => cid))
    return true
  }

  /** Removes the blocks that no file, document or upload has any more; how many went. Repeatable. */
  async release(cids: readonly string[]): Promise<number> {
    // What is used now is left alone; whoever ends that use looks for itself.
    const candidates = await this.repository.unused([...new Set(cids)])
    let gone = 0
    for (let i = 0; i < candidates.length; i += REMOVED_AT_ONCE) {
      const some = candidates.slice(i, i + REMOVED_AT_ONCE)
      await this.repository.announceRemoval(some, REMOVAL_SECONDS)
      try {
        const unused = await this.repository.unused(some)
        if (unused.length > 0) gone += (await this.blobs.remove(unused)).removed.length
      } finally {
        await this.repository.endRemoval(some)
      }
    }
    return gone
  }

  /** Those of the blocks that no file, document or upload has. */
  unused(cids: readonly string[]): Promise<string[]> {
    return this.repository.unused(cids)
  }

  /** Writes down the blocks of some files that were here before blocks were; whether there may be more. */
  async catchUp(most = 20): Promise<boolean> {
    const unlisted = await this.repository.unlisted(most)
    let found = 0
    for (const { content, cid } of unlisted) if (await this.of(content, cid).catch(() => null)) found += 1
    return unlisted.length === most && found > 0
  }
}
