import { CHUNK_BYTES, carOffset, carSize, GranaryError, readCar, writeCar } from '@granary/protocol'
import { contentStream } from '../content.js'
import type { Context } from '../context.js'
import { type ArchiveEntry, type ArchivePart, contentName, type Kept } from './part.js'
import { chunksOf, type TarWriter, tarWriter } from './tar.js'

interface Following {
  onProgress?: (progress: { name: string; done: number; total: number }) => void
  signal?: AbortSignal
}

/**
 * A writer that goes on in a part behind what holds of it. `content` writes the sealed file that was under way: its
 * leaves come from the part as far as each fits its CID, the rest from the API. When the whole is not the dataset's file
 * all of it is downloaded.
 */
export async function goOnWith(
  context: Context,
  part: ArchivePart,
  kept: Kept,
  { onProgress, signal }: Following,
): Promise<{
  tar: TarWriter
  note(entry: ArchiveEntry): Promise<void>
  content: (() => Promise<ArchiveEntry>) | undefined
}> {
  let at = kept.end
  await part.keepNotes(kept.entries)
  const tar = tarWriter(async (bytes) => {
    // What is there already was checked: it would be written the same.
    const there = Math.min(bytes.length, part.size - at)
    if (there < bytes.length) await part.append(bytes.subarray(there))
    at += bytes.length
  })
  const note = (entry: ArchiveEntry) => part.note(entry)
  if (!kept.underWay) {
    await part.truncate(kept.end)
    return { tar, note, content: undefined }
  }
  const { dataset, size, start, leaves } = kept.underWay
  const { id, record, metadata } = dataset
  const { cid } = record.dataset
  const endOf = (bytes: number) => (bytes === 0 ? start : start + carOffset(cid, bytes))
  await part.truncate(endOf(leaves * CHUNK_BYTES))

  async function* file(held: number) {
    let done = 0
    const pass = (chunk: Uint8Array) => {
      done += chunk.length
      onProgress?.({ name: metadata?.title ?? id, done, total: size })
    }
    try {
      if (held > 0)
        for await (const leaf of readCar(cid, part.read(start, endOf(held)))) {
          if (leaf.length !== CHUNK_BYTES) break
          pass(leaf)
          yield leaf
        }
    } catch (error) {
      if (!(error instanceof GranaryError)) throw error
    }
    if (done < held) await part.truncate(endOf(done))
    if (done < size) yield* chunksOf(contentStream(context, id, { from: done, signal }), pass)
  }
  const write = (held: number) =>
    tar.add(contentName(id), carSize(size), async (sink) => {
      const found = await writeCar(cid, file(held), sink)
      if (found.cid !== cid)
        throw new GranaryError('CONTENT_ALTERED', `the file of ${id} is not the one on chain`)
    })
  const content = async () => {
    try {
      return await write(leaves * CHUNK_BYTES)
    } catch (error) {
      if (!(error instanceof GranaryError) || error.code !== 'CONTENT_ALTERED') throw error
      // Blocks that are what their names say need not be those of this file.
      await part.truncate(kept.end)
      at = kept.end
      return write(0)
    }
  }
  return { tar, note, content }
}
