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
  /** Adds a file of exactly `size` bytes; `write` is called once with what takes them. */
  add(
    name: string,
    size: number,
    write: (sink: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<{ name: string; size: number; sha256: string }>
  end(): Promise<void>
}

/** A tar, written into `out` piece by piece; the same files make the same bytes. */
export function tarWriter(out: (bytes: Uint8Array) => Promise<void>): TarWriter {
  return {
    async add(name, size, write) {
      const hash = await createSha256()
      let done = 0
      await out(await tarHeader(name, size))
      await write(async (bytes) => {
        done += bytes.length
        hash.update(bytes)
        await out(bytes)
      })
      if (done !== size) throw new GranaryError('CONTENT_ALTERED', `${name} has another length than was told`)
      await out(new Uint8Array(tarPadding(size)))
      return { name, size, sha256: hash.hex() }
    },
    end: () => out(new Uint8Array(2 * RECORD)),
  }
}

const RECORD = 512

/** How many zeros follow a file of `size` bytes. */
export const tarPadding = (size: number) => (RECORD - (size % RECORD)) % RECORD

/** What stands before a file in a tar: more than one record where a plain one cannot tell its size. */
export async function tarHeader(name: string, size: number): Promise<Uint8Array> {
  const { readable, controller } = createTarPacker()
  const writer = controller.add({ name, size, mode: 0o600, mtime: new Date(0), type: 'file' }).getWriter()
  writer.closed.catch(() => {})
  writer.write(new Uint8Array(0)).catch(() => {}) // an empty chunk: where the body would begin
  const reader = readable.getReader()
  const header: number[] = []
  for (;;) {
    const { value } = await reader.read()
    if (!value || value.length === 0) break
    header.push(...value)
  }
  await reader.cancel().catch(() => {})
  return Uint8Array.from(header)
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
