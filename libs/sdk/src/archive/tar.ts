import { GranaryError } from '@granary/protocol'
import { createTarDecoder, createTarPacker } from 'modern-tar'
import { createSha256 } from '../sha256.js'

/** One file in an archive. Its body is to be read, or cancelled, before the next one comes. */
export interface TarEntry {
  name: string
  size: number
  body: ReadableStream<Uint8Array>
}

export interface TarWriter {
  readable: ReadableStream<Uint8Array>
  /** Adds a file of exactly `size` bytes; `write` is called once with what takes them. */
  add(
    name: string,
    size: number,
    write: (sink: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<{ name: string; size: number; sha256: string }>
  end(): void
  fail(reason: unknown): void
}

/** A tar as it is written; whoever reads slowly holds the writer back. */
export function tarWriter(): TarWriter {
  const { readable, controller } = createTarPacker()
  return {
    readable,
    async add(name, size, write) {
      const hash = await createSha256()
      const writer = controller.add({ name, size, mode: 0o600, mtime: new Date(0), type: 'file' }).getWriter()
      writer.closed.catch(() => {})
      await write(async (bytes) => {
        hash.update(bytes)
        await writer.write(bytes.slice())
      })
      await writer.close()
      return { name, size, sha256: hash.hex() }
    },
    end: () => controller.finalize(),
    fail: (reason) => controller.error(reason),
  }
}

/** The files of a tar in their order. @throws GranaryError ARCHIVE_INVALID, ARCHIVE_TRUNCATED */
export async function* tarEntries(source: ReadableStream<Uint8Array>): AsyncGenerator<TarEntry> {
  const decoder = createTarDecoder({ strict: true })
  const reader = source
    .pipeThrough(decoder as unknown as ReadableWritablePair<DecodedEntry, Uint8Array>)
    .getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(asArchiveError)
      if (done) return
      const { header, body } = value
      if (header.type !== 'file') throw new GranaryError('ARCHIVE_INVALID', `${header.name} is no plain file`)
      yield { name: header.name, size: header.size, body }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

interface DecodedEntry {
  header: { name: string; size: number; type?: string }
  body: ReadableStream<Uint8Array>
}

/** A body's chunks, each noted by `seen`. */
export async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  seen: (chunk: Uint8Array) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(asArchiveError)
    if (done) return
    seen(value)
    yield value
  }
}

function asArchiveError(error: unknown): never {
  if (error instanceof GranaryError) throw error
  const text = (error as Error).message
  throw new GranaryError(/truncated/i.test(text) ? 'ARCHIVE_TRUNCATED' : 'ARCHIVE_INVALID', text)
}
