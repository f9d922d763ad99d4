import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { ascii, uncleared } from './bytes.js'
import { type ChunkCipher, type CipherName, chooseCipher, TAG_BYTES } from './cipher.js'
import { SealingError } from './errors.js'

/**
 * The payload of an age v1 file: a 16-byte nonce, then STREAM with chunks of 64 KiB under ChaCha20-Poly1305. The
 * nonce of a chunk is its number (11 bytes, big endian) and a byte that is 1 in the last one, so that no chunk can be
 * altered, moved, dropped or cut off unnoticed. https://c2sp.org/age
 */
export const CHUNK_BYTES = 64 * 1024
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
export const PAYLOAD_NONCE_BYTES = 16

/** Bytes that sealing and opening work on at once, so that a cipher on another thread never waits for the next write. */
export const AHEAD_BYTES = 2 * 1024 * 1024

const PAYLOAD_LABEL = ascii('payload')

/** The chunk cipher of one payload. */
export async function payloadCipher(
  fileKey: Uint8Array,
  payloadNonce: Uint8Array,
  name?: CipherName,
): Promise<ChunkCipher> {
  const maker = await chooseCipher(name)
  return maker(hkdf(sha256, fileKey, payloadNonce, PAYLOAD_LABEL, 32))
}

/** Bytes of a payload without its nonce. */
export function sealedPayloadSize(plaintextSize: number): number {
  return plaintextSize + TAG_BYTES * Math.max(1, Math.ceil(plaintextSize / CHUNK_BYTES))
}

/** Bytes of plaintext in a payload (without nonce) of `size`. @throws PAYLOAD_TRUNCATED when no payload has that size */
export function plaintextPayloadSize(size: number): number {
  const chunks = Math.ceil(size / SEALED_CHUNK_BYTES)
  const last = size - (chunks - 1) * SEALED_CHUNK_BYTES
  if (chunks === 0 || last < TAG_BYTES || (chunks > 1 && last === TAG_BYTES))
    throw truncated('the payload is cut short')
  return size - chunks * TAG_BYTES
}

/** The nonce of chunk number `index`. */
export function chunkNonce(index: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  const view = new DataView(nonce.buffer)
  view.setUint32(7, index % 2 ** 32)
  view.setUint16(5, (index / 2 ** 32) & 0xffff)
  view.setUint8(4, index / 2 ** 48)
  nonce[11] = last ? 1 : 0
  return nonce
}

/** Cuts what it is fed into chunks of `size`, and keeps the last one back until it knows whether more follows. */
class Chunker {
  private held: Uint8Array
  private used = 0

  constructor(private readonly size: number) {
    this.held = new Uint8Array(size)
  }

  /** The chunks that are complete and not the last: parts of `input`, the first of them perhaps a copy. */
  take(input: Uint8Array): Uint8Array[] {
    const count = Math.max(0, Math.ceil((this.used + input.length) / this.size) - 1)
    const chunks: Uint8Array[] = []
    let offset = 0
    if (count > 0 && this.used > 0) {
      offset = this.size - this.used
      this.held.set(input.subarray(0, offset), this.used)
      chunks.push(this.held)
      this.held = uncleared(this.size)
      this.used = 0
    }
    for (; chunks.length < count; offset += this.size) chunks.push(input.subarray(offset, offset + this.size))
    const rest = input.subarray(offset)
    this.held.set(rest, this.used)
    this.used += rest.length
    return chunks
  }

  /** What is left at the end. */
  rest(): Uint8Array {
    return this.held.subarray(0, this.used)
  }
}

/**
 * Seals a payload piece by piece. A piece may be given before the one before it is done: the platform's cipher then has
 * always something to do. Results count in the order of the calls.
 */
export class PayloadSealer {
  private readonly chunker = new Chunker(CHUNK_BYTES)
  private index = 0

  constructor(private readonly cipher: ChunkCipher) {}

  /** What `input` completes: a whole number of sealed chunks, often none. `input` is not kept. */
  async update(input: Uint8Array): Promise<Uint8Array> {
    const chunks = this.chunker.take(input)
    const out = uncleared(chunks.length * SEALED_CHUNK_BYTES)
    const pending: (Promise<void> | undefined)[] = []
    for (const [i, chunk] of chunks.entries()) {
      const target = out.subarray(i * SEALED_CHUNK_BYTES, (i + 1) * SEALED_CHUNK_BYTES)
      pending.push(this.cipher.encrypt(chunkNonce(this.index++, false), chunk, target))
    }
    await settled(pending)
    return out
  }

  /** The last chunk. Nothing may follow. */
  async finish(): Promise<Uint8Array> {
    const rest = this.chunker.rest()
    const out = new Uint8Array(rest.length + TAG_BYTES)
    await this.cipher.encrypt(chunkNonce(this.index, true), rest, out)
    return out
  }
}

export interface Opened {
  plaintext: Uint8Array
  failure?: SealingError
}

const NOTHING = new Uint8Array()
const altered = (why: string) => new SealingError('PAYLOAD_ALTERED', why)
const truncated = (why: string) => new SealingError('PAYLOAD_TRUNCATED', why)

/**
 * Opens a payload piece by piece. What it has returned is authentic; that it is all is known once `finish` had no
 * failure. As with the sealer a piece may be given before the one before it is done; results count in the order of the
 * calls, and none that was asked for after a failure counts.
 */
export class PayloadOpener {
  private readonly chunker = new Chunker(SEALED_CHUNK_BYTES)
  private index = 0

  constructor(private readonly cipher: ChunkCipher) {}

  /** The plaintext of what `input` completes; `failure` when a chunk after it does not hold. Then use it no more. */
  async update(input: Uint8Array): Promise<Opened> {
    const chunks = this.chunker.take(input)
    const out = uncleared(chunks.length * CHUNK_BYTES)
    const first = this.index
    this.index += chunks.length
    const pending: (Promise<void> | undefined)[] = []
    let good = chunks.length
    for (const [i, chunk] of chunks.entries()) {
      try {
        const target = out.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)
        pending.push(this.cipher.decrypt(chunkNonce(first + i, false), chunk, target))
      } catch {
        good = i
        break
      }
    }
    const failed = (await Promise.allSettled(pending)).findIndex(({ status }) => status === 'rejected')
    if (failed >= 0) good = Math.min(good, failed)
    if (good === chunks.length) return { plaintext: out }
    // Is it a good last chunk with something behind it? Then that chunk belongs to the file and is released too.
    const last = await this.open(chunks[good]!, first + good, true)
    const plaintext = new Uint8Array((good + (last === null ? 0 : 1)) * CHUNK_BYTES)
    plaintext.set(out.subarray(0, good * CHUNK_BYTES))
    if (last !== null) plaintext.set(last, good * CHUNK_BYTES)
    const why =
      last === null ? `chunk ${first + good} was altered` : 'there is data behind the end of the payload'
    return { plaintext, failure: new SealingError('PAYLOAD_ALTERED', why) }
  }

  /** What is left at the end. `failure` when the payload does not end there. */
  async finish(): Promise<Opened> {
    const rest = this.chunker.rest()
    if (rest.length < TAG_BYTES || (rest.length === TAG_BYTES && this.index > 0))
      return { plaintext: NOTHING, failure: truncated('the payload is cut short') }
    const last = await this.open(rest, this.index, true)
    if (last !== null) return { plaintext: last }
    const another = rest.length === SEALED_CHUNK_BYTES ? await this.open(rest, this.index, false) : null
    if (another !== null)
      return { plaintext: another, failure: truncated('the payload is cut short between two chunks') }
    return { plaintext: NOTHING, failure: altered('the last chunk was altered or cut short') }
  }

  private async open(chunk: Uint8Array, index: number, last: boolean): Promise<Uint8Array | null> {
    const out = new Uint8Array(chunk.length - TAG_BYTES)
    try {
      await this.cipher.decrypt(chunkNonce(index, last), chunk, out)
      return out
    } catch {
      return null
    }
  }
}

/** Waits only where there is something to wait for: the ciphers of Node and noble are done already. */
async function settled(pending: (Promise<void> | undefined)[]): Promise<void> {
  if (pending.some((one) => one !== undefined)) await Promise.all(pending)
}
