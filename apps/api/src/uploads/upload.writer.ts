import { createHash, randomUUID } from 'node:crypto'
import { CHUNK_BYTES, GranaryError } from '@granary/protocol'
import type { BlocksService } from '../blocks/blocks.service.js'
import type { Upload } from '../database/generated/client.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { leafCid } from '../storage/file-tree.js'
import type { UploadRepository } from './upload.repository.js'

/** Leaves held at once, whole or being stored; more than that, and the sender waits. */
const MOST_HELD = 12
/** Leaves of one batch: they are announced together and counted together. */
const MOST_TOGETHER = 4

interface Parts {
  uploads: UploadRepository
  blocks: BlocksService
  blobs: BlobStore
}

interface Leaf {
  cid: string
  size: number
  bytes: Uint8Array
}

/**
 * Cuts what one request sends into leaves and stores each as it arrives, several at once. The offset in the database
 * counts a leaf only once it and all before it are stored. Nothing else is kept, here or on a disk.
 */
export class UploadWriter {
  private readonly id: string
  private readonly size: number
  private readonly writer = randomUUID()
  /** What came after the last whole leaf. */
  private parts: Uint8Array[] = []
  private held = 0
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
    private readonly parts_: Parts,
    upload: Upload,
    tail: Uint8Array,
  ) {
    this.id = upload.id
    this.size = Number(upload.size)
    this.durable = Number(upload.offset)
    this.position = Math.floor(this.durable / CHUNK_BYTES)
    if (tail.length > 0) this.parts.push(tail)
    this.held = tail.length
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
    if (this.complete()) this.cut(this.held)
    await this.drain()
    if (this.failure === undefined) await this.keepTail()
    if (this.failure ?? broken) throw this.failure ?? broken
    return this.durable
  }

  private complete(): boolean {
    return (
      this.position * CHUNK_BYTES + this.waiting.length * CHUNK_BYTES + this.held === this.size &&
      this.held > 0
    )
  }

  private async take(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + CHUNK_BYTES - this.held)
      this.parts.push(part)
      this.held += part.length
      at += part.length
      if (this.held < CHUNK_BYTES) continue
      this.cut(CHUNK_BYTES)
      while (this.failure === undefined && this.waiting.length + this.inFlight >= MOST_HELD)
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      if (this.failure !== undefined) throw this.failure
    }
  }

  /** Makes a leaf of what is held. */
  private cut(size: number): void {
    const hash = createHash('sha256')
    for (const part of this.parts) hash.update(part)
    const bytes = this.parts.length === 1 && this.parts[0] ? this.parts[0] : Buffer.concat(this.parts, size)
    this.waiting.push({ cid: leafCid(hash.digest()), size, bytes })
    this.parts = []
    this.held = 0
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
    const { uploads, blocks, blobs } = this.parts_
    await uploads.announce(this.id, this.writer, first, leaves)
    await blocks.settled(leaves.map(({ cid }) => cid))
    await Promise.all(leaves.map(({ cid, bytes }) => blobs.put(cid, bytes)))
  }

  private async count(first: number, leaves: readonly Leaf[]): Promise<void> {
    if (this.failure !== undefined) return
    const to = first * CHUNK_BYTES + leaves.reduce((sum, leaf) => sum + leaf.size, 0)
    const positions = leaves.map((_, i) => first + i)
    if (!(await this.parts_.uploads.advance(this.id, this.writer, this.durable, to, positions)))
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
    if (this.held === 0 || to === this.durable) return
    const bytes = new Uint8Array(Buffer.concat(this.parts))
    if (!(await this.parts_.uploads.keepTail(this.id, this.durable, to, bytes)))
      throw new GranaryError('UPLOAD_BUSY')
    this.durable = to
  }
}
