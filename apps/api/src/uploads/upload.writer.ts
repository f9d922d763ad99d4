import { createHash, type Hash, randomUUID } from 'node:crypto'
import { CHUNK_BYTES, GranaryError } from '@granary/protocol'
import type { BlocksService } from '../blocks/blocks.service.js'
import type { Upload } from '../database/generated/client.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { leafCid } from '../storage/file-tree.js'
import type { LeafBuffers } from './leaf.buffers.js'
import type { UploadRepository } from './upload.repository.js'

/** Leaves held at once, whole or being stored; more than that, and the sender waits. */
const MOST_HELD = 12
/** Leaves of one batch: they are announced together and counted together. */
const MOST_TOGETHER = 4

interface Parts {
  uploads: UploadRepository
  blocks: BlocksService
  blobs: BlobStore
  buffers: LeafBuffers
}

interface Leaf {
  cid: string
  size: number
  buffer: Buffer
}

/**
 * Cuts what one request sends into leaves and stores each as it arrives, several at once. The offset in the database
 * counts a leaf only once it and all before it are stored. Nothing else is kept, here or on a disk.
 */
export class UploadWriter {
  private readonly id: string
  private readonly size: number
  private readonly writer = randomUUID()
  /** The leaf that is filled just now, how much of it has come, and the hash of that. */
  private leaf: Buffer | undefined
  private held = 0
  private hash: Hash = createHash('sha256')
  /** Whole leaves not yet being stored. */
  private waiting: Leaf[] = []
  private position: number
  private inFlight = 0
  private failure: unknown
  /** The offset in the database, and the batches that are to move it, in order. */
  private durable: number
  private counted: Promise<void> = Promise.resolve()
  private wake: () => void = () => {}

  /** @param tail what the database keeps after the last whole leaf before the upload's offset */
  constructor(
    private readonly parts: Parts,
    upload: Upload,
    tail: Uint8Array,
  ) {
    this.id = upload.id
    this.size = Number(upload.size)
    this.durable = Number(upload.offset)
    this.position = Math.floor(this.durable / CHUNK_BYTES)
    if (tail.length > 0) this.fill(tail)
  }

  /**
   * Takes all that `source` gives, up to the upload's size. However it ends, what has come is kept.
   *
   * @returns the offset, which is durable
   * @throws what the source or the store threw; GranaryError UPLOAD_BUSY when another request writes
   */
  async write(source: AsyncIterable<Uint8Array>): Promise<number> {
    let broken: unknown
    try {
      for await (const chunk of source) await this.take(chunk)
    } catch (error) {
      broken = error
    }
    await this.drain()
    if (this.failure === undefined) await this.keepTail()
    if (this.leaf) this.parts.buffers.give(this.leaf)
    this.leaf = undefined
    if (this.failure ?? broken) throw this.failure ?? broken
    return this.durable
  }

  private async take(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length && this.begun() < this.size; ) {
      at += this.fill(chunk.subarray(at))
      if (!this.leaf || this.held < this.leaf.length) continue
      this.cut(this.leaf)
      while (this.failure === undefined && this.waiting.length + this.inFlight >= MOST_HELD)
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      if (this.failure !== undefined) throw this.failure
    }
  }

  /** Where in the file the leaf begins that is filled. */
  private begun(): number {
    return (this.position + this.waiting.length) * CHUNK_BYTES
  }

  /** Copies as much of the chunk as the leaf still lacks; how much that was. */
  private fill(chunk: Uint8Array): number {
    this.leaf ??= this.parts.buffers.take(Math.min(CHUNK_BYTES, this.size - this.begun()))
    const some = chunk.subarray(0, this.leaf.length - this.held)
    this.hash.update(some)
    this.leaf.set(some, this.held)
    this.held += some.length
    return some.length
  }

  /** Has the leaf stored, which is full. */
  private cut(buffer: Buffer): void {
    this.waiting.push({ cid: leafCid(this.hash.digest()), size: buffer.length, buffer })
    this.leaf = undefined
    this.held = 0
    this.hash = createHash('sha256')
    this.store()
  }

  /** Stores leaves that wait: at once when none is under way, so that a slow sender's offset moves with each leaf. */
  private store(): void {
    if (this.failure !== undefined || this.waiting.length === 0) return
    if (this.inFlight > 0 && this.waiting.length < MOST_TOGETHER) return
    const leaves = this.waiting.splice(0, MOST_TOGETHER)
    const first = this.position
    this.position += leaves.length
    this.inFlight += leaves.length
    const stored = this.put(first, leaves)
    const before = this.counted
    this.counted = Promise.all([before, stored])
      .then(() => this.count(first, leaves))
      .catch((error) => {
        this.failure ??= error
      })
      .finally(() => {
        this.inFlight -= leaves.length
        this.store()
        this.wake()
      })
  }

  private async put(first: number, leaves: readonly Leaf[]): Promise<void> {
    const { uploads, blocks, blobs, buffers } = this.parts
    await uploads.announce(this.id, this.writer, first, leaves)
    await blocks.settled(leaves.map(({ cid }) => cid))
    await Promise.all(
      leaves.map(async ({ cid, buffer }) => {
        await blobs.put(cid, buffer)
        buffers.give(buffer)
      }),
    )
  }

  private async count(first: number, leaves: readonly Leaf[]): Promise<void> {
    if (this.failure !== undefined) return
    const to = first * CHUNK_BYTES + leaves.reduce((sum, leaf) => sum + leaf.size, 0)
    const positions = leaves.map((_, i) => first + i)
    if (!(await this.parts.uploads.advance(this.id, this.writer, this.durable, to, positions)))
      throw new GranaryError('UPLOAD_BUSY')
    this.durable = to
  }

  /** Resolves when everything that was cut is stored, or storing failed. */
  private async drain(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.counted; ) {
      seen = this.counted
      await seen
    }
  }

  private async keepTail(): Promise<void> {
    const to = this.position * CHUNK_BYTES + this.held
    if (!this.leaf || to === this.durable) return
    const bytes = Uint8Array.from(this.leaf.subarray(0, this.held))
    if (!(await this.parts.uploads.keepTail(this.id, this.durable, to, bytes)))
      throw new GranaryError('UPLOAD_BUSY')
    this.durable = to
  }
}
