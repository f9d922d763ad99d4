import { CHUNK_BYTES } from '@granary/protocol'

/** Buffers kept for the next leaves: what two uploads in full flow hold. */
const MOST_KEPT = 24

/**
 * Memory for leaves, used again: buffers of a mebibyte that come and go have V8 look through the whole heap every few
 * dozen of them, which took the API more time than all else it does for an upload.
 */
export class LeafBuffers {
  private readonly kept: Buffer[] = []

  /** Memory for a leaf of `size` bytes, whatever is in it. */
  take(size: number): Buffer {
    if (size < CHUNK_BYTES) return Buffer.allocUnsafe(size)
    return this.kept.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)
  }

  /** Takes back what nobody reads any more; what may still be on its way somewhere is left to the garbage collector. */
  give(buffer: Buffer): void {
    if (buffer.length === CHUNK_BYTES && this.kept.length < MOST_KEPT) this.kept.push(buffer)
  }
}
