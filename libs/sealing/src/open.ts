import { concatBytes } from '@noble/hashes/utils.js'
import type { CipherName } from './cipher.js'
import { requireBytes, SealingError } from './errors.js'
import { type Header, MAX_HEADER_BYTES, readHeader, tryReadHeader } from './header.js'
import { verifyHeaderMac } from './header.keys.js'
import {
  AHEAD_BYTES,
  CHUNK_BYTES,
  chunkNonce,
  type Opened,
  PAYLOAD_NONCE_BYTES,
  PayloadOpener,
  payloadCipher,
  plaintextPayloadSize,
  SEALED_CHUNK_BYTES,
} from './payload.js'

/** Finds the file key for a header: `fileKeyFromIdentity`, or shares from a committee and `decapsulate`. */
export type FileKeySource = (header: Header, headerBytes: Uint8Array) => Promise<Uint8Array> | Uint8Array

export interface OpenOptions {
  /** The sealed file from its first byte. */
  source: ReadableStream<Uint8Array>
  fileKey: FileKeySource
  cipher?: CipherName
}

const MAX_AHEAD = 32

/**
 * The plaintext of a sealed file. Every byte that it gives is authentic, in order and from the start; that the file is
 * complete is known only when the stream ends without an error, so what was read before an error is thrown away.
 * Reads ahead by two pieces of `source`, or by more small ones up to 2 MiB, and keeps no more than that.
 *
 * The stream errors with HEADER_INVALID, HEADER_TOO_LARGE, HEADER_ALTERED, PAYLOAD_ALTERED, PAYLOAD_TRUNCATED or
 * whatever `fileKey` throws.
 */
export function open({ source, fileKey, cipher }: OpenOptions): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  let opener: PayloadOpener | undefined
  let failure: SealingError | undefined
  let ended = false
  let pieceBytes = AHEAD_BYTES
  const work: Promise<Opened>[] = []

  async function start(): Promise<void> {
    const { header, headerBytes, rest } = await readStart(reader)
    const key = await fileKey(header, headerBytes)
    verifyHeaderMac(headerBytes, key)
    const { head: nonce, tail } = await readExactly(reader, rest, PAYLOAD_NONCE_BYTES)
    opener = new PayloadOpener(await payloadCipher(key, nonce, cipher))
    work.push(opener.update(tail))
  }

  /** Opens one more piece, or the end. Reads are answered in the order in which they were asked for. */
  async function piece(): Promise<Opened> {
    const { done, value } = await reader.read()
    if (!done) {
      pieceBytes = value.length
      return opener!.update(value)
    }
    if (ended) return { plaintext: new Uint8Array() }
    ended = true
    return opener!.finish()
  }

  function readAhead(): void {
    const pieces = Math.min(MAX_AHEAD, Math.max(2, Math.ceil(AHEAD_BYTES / Math.max(1, pieceBytes))))
    while (!ended && work.length < pieces) {
      const opened = piece()
      opened.catch(() => {}) // thrown where it is awaited, in its turn
      work.push(opened)
    }
  }

  /** The next plaintext that is not empty, or null at the end. */
  async function next(): Promise<Uint8Array | null> {
    if (opener === undefined) await start()
    // A failure waits for the reader to take what was good before it: an error empties a stream's queue.
    while (failure === undefined) {
      readAhead()
      const first = work.shift()
      if (first === undefined) return null
      const opened = await first
      failure = opened.failure
      if (opened.plaintext.length > 0) return opened.plaintext
    }
    throw failure
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const plaintext = await next()
          if (plaintext === null) controller.close()
          else controller.enqueue(plaintext)
        } catch (error) {
          reader.cancel(error).catch(() => {})
          throw error
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

export interface OpenRangeOptions {
  /** Bytes `offset` to `offset + length` of the sealed file; exactly as many as asked for. */
  read: (offset: number, length: number) => Promise<Uint8Array>
  /** Bytes of the sealed file. Verified: a wrong one is refused as altered or truncated. */
  size: number
  fileKey: FileKeySource
  cipher?: CipherName
}

export interface RangeReader {
  /** Bytes of plaintext. */
  readonly size: number
  /** Plaintext from `offset`, `length` bytes. @throws RANGE_INVALID, PAYLOAD_ALTERED */
  read(offset: number, length: number): Promise<Uint8Array>
}

/**
 * Random access to a sealed file: any range of the plaintext for the price of the chunks it touches. The last chunk
 * is checked first, so the size can be trusted; chunks that are never read are never checked.
 *
 * @throws HEADER_INVALID, HEADER_TOO_LARGE, HEADER_ALTERED, PAYLOAD_ALTERED, PAYLOAD_TRUNCATED
 */
export async function openRange({ read, size, fileKey, cipher }: OpenRangeOptions): Promise<RangeReader> {
  const prefix = await read(0, Math.min(size, MAX_HEADER_BYTES))
  const header = readHeader(prefix)
  const headerBytes = prefix.slice(0, header.length)
  const key = await fileKey(header, headerBytes)
  verifyHeaderMac(headerBytes, key)
  const start = header.length + PAYLOAD_NONCE_BYTES
  if (size < start) throw new SealingError('PAYLOAD_TRUNCATED', 'the payload is cut short')
  const nonce = await read(header.length, PAYLOAD_NONCE_BYTES)
  requireBytes('read', nonce, PAYLOAD_NONCE_BYTES)
  const plaintextSize = plaintextPayloadSize(size - start)
  const chunks = await payloadCipher(key, nonce, cipher)
  const lastIndex = Math.max(0, Math.ceil(plaintextSize / CHUNK_BYTES) - 1)

  async function chunk(index: number): Promise<Uint8Array> {
    const offset = start + index * SEALED_CHUNK_BYTES
    const sealed = await read(offset, Math.min(SEALED_CHUNK_BYTES, size - offset))
    const out = new Uint8Array(Math.min(CHUNK_BYTES, plaintextSize - index * CHUNK_BYTES))
    try {
      await chunks.decrypt(chunkNonce(index, index === lastIndex), sealed, out)
    } catch (cause) {
      throw new SealingError('PAYLOAD_ALTERED', `chunk ${index} was altered`, { cause })
    }
    return out
  }

  await chunk(lastIndex)
  return {
    size: plaintextSize,
    async read(offset, length) {
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0)
        throw new SealingError('RANGE_INVALID', 'expected whole numbers from 0')
      if (offset + length > plaintextSize)
        throw new SealingError('RANGE_INVALID', 'the range ends behind the file')
      const out = new Uint8Array(length)
      for (let at = offset; at < offset + length; ) {
        const index = Math.floor(at / CHUNK_BYTES)
        const plaintext = await chunk(index)
        const from = at - index * CHUNK_BYTES
        const part = plaintext.subarray(from, Math.min(plaintext.length, from + offset + length - at))
        out.set(part, at - offset)
        at += part.length
      }
      return out
    },
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function readStart(reader: Reader) {
  let bytes = new Uint8Array()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) throw readHeaderFailure(bytes)
    bytes = concatBytes(bytes, value)
    const header = tryReadHeader(bytes)
    if (header !== null)
      return { header, headerBytes: bytes.slice(0, header.length), rest: bytes.subarray(header.length) }
  }
}

/** The error of reading a header that is all there is and not complete. */
function readHeaderFailure(bytes: Uint8Array): unknown {
  try {
    readHeader(bytes)
  } catch (error) {
    return error
  }
  return new SealingError('HEADER_INVALID', 'not an age v1 header')
}

async function readExactly(reader: Reader, start: Uint8Array, length: number) {
  let bytes = start
  while (bytes.length < length) {
    const { done, value } = await reader.read()
    if (done) throw new SealingError('PAYLOAD_TRUNCATED', 'the payload is cut short')
    bytes = concatBytes(bytes, value)
  }
  return { head: bytes.slice(0, length), tail: bytes.subarray(length) }
}
