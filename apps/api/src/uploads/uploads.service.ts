import { createHash } from 'node:crypto'
import { CHUNK_BYTES, cidToContent, GranaryError } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { BLOB_STORE, CONFIG } from '../app.tokens.js'
import { BlocksService } from '../blocks/blocks.service.js'
import type { Config } from '../config.js'
import type { Upload } from '../database/generated/client.js'
import { LockService } from '../database/lock.service.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { ErasureRepository } from '../storage/erasure/erasure.repository.js'
import { fileTree, leafCid } from '../storage/file-tree.js'
import { LeafBuffers } from './leaf.buffers.js'
import { UploadRepository } from './upload.repository.js'
import { UploadWriter } from './upload.writer.js'

const MOST_AT_ONCE = 100
const NOTHING = new Uint8Array(0)

/**
 * What may be uploaded, by whom, and what becomes of it. An upload lies in the block store and in the database, so any
 * replica goes on with it. The tus protocol itself is `tus.handler.ts`; whoever calls `send`, `finish` or `discard` holds
 * the upload's lock.
 */
@Injectable()
export class UploadsService {
  private readonly buffers = new LeafBuffers()

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly blocks: BlocksService,
    private readonly locks: LockService,
    private readonly repository: UploadRepository,
    private readonly erasures: ErasureRepository,
  ) {}

  /**
   * Takes note of an upload that begins.
   *
   * @throws GranaryError UPLOAD_METADATA_INVALID, CID_INVALID, UPLOAD_TOO_LARGE, QUOTA_EXCEEDED, STORAGE_QUOTA_EXCEEDED,
   *   STORE_FULL, CONTENT_ERASED
   */
  async begin(
    owner: string,
    id: string,
    size: number | undefined,
    cid: string | null | undefined,
  ): Promise<void> {
    if (!cid || size === undefined) throw new GranaryError('UPLOAD_METADATA_INVALID')
    const { content } = cidToContent(cid)
    if (await this.erasures.isErased(content)) throw new GranaryError('CONTENT_ERASED')
    if (size > this.config.MAX_UPLOAD_BYTES) throw new GranaryError('UPLOAD_TOO_LARGE')
    const expiresAt = new Date(Date.now() + this.config.UPLOAD_HOURS * 3_600_000)
    const verdict = await this.repository.add(
      { id, owner, cid, size: BigInt(size), expiresAt },
      {
        atOnce: MOST_AT_ONCE,
        account: BigInt(this.config.UPLOAD_QUOTA_BYTES),
        total: BigInt(this.config.STORAGE_QUOTA_BYTES),
      },
    )
    if (verdict === 'account') throw new GranaryError('QUOTA_EXCEEDED')
    if (verdict === 'total') throw new GranaryError('STORAGE_QUOTA_EXCEEDED')
    // What others have begun counts as if it had come; this one is among them already.
    const [free, coming] = await Promise.all([this.blobs.free(), this.repository.outstanding()])
    if (BigInt(free) - coming >= BigInt(this.config.STORAGE_RESERVE_BYTES)) return
    await this.repository.forget(id, true)
    throw new GranaryError('STORE_FULL')
  }

  /** The account's own upload. Somebody else's is as unknown as none. @throws GranaryError UPLOAD_UNKNOWN */
  async own(owner: string, id: string): Promise<Upload> {
    const upload = await this.repository.find(id)
    if (!upload || upload.owner !== owner || upload.expiresAt < new Date())
      throw new GranaryError('UPLOAD_UNKNOWN')
    return upload
  }

  /**
   * Where the upload stands; one whose last byte came just before its replica died is finished here.
   *
   * @throws GranaryError UPLOAD_UNKNOWN, and what `finish` throws
   */
  async look(id: string): Promise<Upload> {
    const upload = await this.require(id)
    if (upload.finished || upload.offset < upload.size) return upload
    await this.finish(upload)
    return { ...upload, finished: true }
  }

  /**
   * Stores what a request sends from the upload's offset on, and finishes the upload with the last byte.
   *
   * @returns the new offset
   * @throws GranaryError UPLOAD_UNKNOWN, UPLOAD_BUSY, STORE_FULL, CID_MISMATCH, CONTENT_ERASED; what the source throws
   */
  async send(id: string, source: AsyncIterable<Uint8Array>): Promise<number> {
    const upload = await this.require(id)
    if (upload.finished) return Number(upload.size)
    const kept = Number(upload.offset) % CHUNK_BYTES
    const tail = kept === 0 ? NOTHING : await this.repository.tail(id)
    if (tail.length !== kept) throw new Error(`upload ${id} has a tail of ${tail.length} bytes, not ${kept}`)
    const { repository: uploads, blocks, blobs, buffers } = this
    const offset = await new UploadWriter({ uploads, blocks, blobs, buffers }, upload, tail).write(source)
    if (offset === Number(upload.size)) await this.finish(upload)
    return offset
  }

  /** Forgets an upload and removes its blocks, apart from those that others use. Nothing when there is none. */
  async discard(id: string): Promise<void> {
    await this.blocks.release(await this.repository.forget(id, true))
  }

  /**
   * Builds the file's tree above the leaves that came and keeps the file.
   *
   * @throws GranaryError CID_MISMATCH when the bytes are not those of the CID that the client named; CONTENT_UNAVAILABLE
   *   when the store has lost some; CONTENT_ERASED when its owner had it erased meanwhile. The upload is gone then.
   */
  private async finish(upload: Upload): Promise<void> {
    const { id, owner } = upload
    const leaves = await this.repository.leaves(id)
    if (leaves.length === 0) leaves.push({ cid: leafCid(createHash('sha256').digest()), size: 0 })
    const { address, nodes } = await fileTree(leaves)
    if (address.cid !== upload.cid || BigInt(address.size) !== upload.size) {
      await this.discard(id)
      throw new GranaryError('CID_MISMATCH')
    }
    if (await this.erasures.isErased(address.content)) {
      await this.discard(id)
      throw new GranaryError('CONTENT_ERASED')
    }
    await this.locks.during(`content:${address.content}`, async () => {
      await this.blocks.record(address.content, [...leaves, ...nodes])
      await this.blocks.settled([address.cid, ...nodes.map(({ cid }) => cid)])
      if (address.size === 0) await this.blobs.put(address.cid, NOTHING)
      for (const { cid, bytes } of nodes) await this.blobs.put(cid, bytes)
      await this.blobs.pin(address.cid).catch((error) => this.lost(id, error))
      await this.repository.finish(id, address, owner)
    })
    // Who asks for its erasure from here on finds the file.
    if (await this.erasures.repeat(address.content)) {
      await this.discard(id)
      throw new GranaryError('CONTENT_ERASED')
    }
    await this.blocks.release(await this.repository.forget(id, false))
  }

  private async lost(id: string, error: unknown): Promise<never> {
    if ((error as { code?: string }).code === 'CONTENT_UNAVAILABLE') await this.discard(id)
    throw error
  }

  private async require(id: string): Promise<Upload> {
    const upload = await this.repository.find(id)
    if (!upload || upload.expiresAt < new Date()) throw new GranaryError('UPLOAD_UNKNOWN')
    return upload
  }
}
