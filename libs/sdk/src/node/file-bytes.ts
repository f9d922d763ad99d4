import { open } from 'node:fs/promises'
import type { Bytes } from '../describe/bytes.js'
import type { FileSource } from './file-source.js'

/** A file on disk, to be described. Keeps it open until `close`. */
export async function fileBytes({
  path,
  name,
  type,
  size,
}: FileSource): Promise<Bytes & { close(): Promise<void> }> {
  const file = await open(path)
  return {
    name,
    type,
    size,
    async read(from, to) {
      const buffer = new Uint8Array(Math.max(0, to - from))
      let filled = 0
      while (filled < buffer.length) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, from + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return buffer.subarray(0, filled)
    },
    close: () => file.close(),
  }
}
