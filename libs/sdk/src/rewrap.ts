import { wrapHeader } from '@granary/sealing'
import type { Context } from './context.js'
import { createOpener, type OpenedFile, openSealed, type StreamOptions } from './open.js'
import type { Released } from './release.js'
import { createSha256 } from './sha256.js'

/**
 * Writes a released dataset as an ordinary age file for `recipient`: the same payload under a header of its own, without
 * the committee and without its contributor. It is opened on the way, so everything that `openReleased` checks holds;
 * the plaintext is written nowhere. `fileSha256` is of the file that was written, `sha256` and `size` of the plaintext.
 */
export async function rewrapReleased(
  context: Context,
  released: Released,
  recipient: string,
  writable: WritableStream<Uint8Array>,
  options: StreamOptions = {},
): Promise<OpenedFile & { fileSha256: string }> {
  const opener = await createOpener(context, released)
  const hash = await createSha256()
  const writer = writable.getWriter()
  const put = (bytes: Uint8Array) => {
    hash.update(bytes)
    return writer.write(bytes)
  }
  // What comes before the header is known: the header itself and some of the payload.
  let early: Uint8Array[] | undefined = []
  try {
    const opened = await openSealed(
      context,
      released,
      async (header, headerBytes) => {
        const fileKey = opener.fileKey(header)
        const own = await wrapHeader(fileKey, [recipient])
        const start = joined(early ?? [])
        early = undefined
        await Promise.all([put(own), put(start.subarray(headerBytes.length))])
        return fileKey
      },
      new WritableStream(),
      { ...options, onSealed: (chunk) => (early ? void early.push(chunk) : put(chunk)) },
    )
    await writer.close()
    return { ...opened, liars: opener.liars, fileSha256: hash.hex() }
  } catch (error) {
    await writer.abort(error).catch(() => {})
    throw error
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
