import { ascii, decodeBase64, encodeBase64 } from './bytes.js'
import { requireBytes, SealingError } from './errors.js'

/** A sealed file's header lies within this many bytes at its start. */
export const MAX_HEADER_BYTES = 16 * 1024

/** One recipient's section of an age header: `-> args…` and a body. */
export interface Stanza {
  readonly args: string[]
  readonly body: Uint8Array
}

/** An age v1 header. */
export interface Header {
  readonly stanzas: Stanza[]
  /** HMAC-SHA256 under the file key; `verifyHeaderMac` checks it, reading does not. */
  readonly mac: Uint8Array
  /** Bytes of the header, up to and including the line feed after the MAC. The payload follows. */
  readonly length: number
}

const VERSION_LINE = 'age-encryption.org/v1'
const LINE_FEED = 10
const COLUMNS = 64
const MAC_TEXT = 43
const MAC_TAIL = ` ${'-'.repeat(MAC_TEXT)}\n`.length

const invalid = (why: string) => new SealingError('HEADER_INVALID', `not an age v1 header: ${why}`)

/**
 * Reads the header at the start of `prefix` (the file's first bytes, at least the whole header), exactly as
 * https://c2sp.org/age defines it. Unknown stanzas are kept. Proves nothing about who wrote it: the MAC is not checked.
 *
 * @throws HEADER_TOO_LARGE when it does not end within 16 KiB, HEADER_INVALID when malformed or cut short.
 */
export function readHeader(prefix: Uint8Array): Header {
  requireBytes('prefix', prefix)
  const header = parse(prefix.length > MAX_HEADER_BYTES ? prefix.subarray(0, MAX_HEADER_BYTES) : prefix)
  if (header !== null) return header
  throw prefix.length >= MAX_HEADER_BYTES
    ? new SealingError('HEADER_TOO_LARGE', `the header does not end within ${MAX_HEADER_BYTES} bytes`)
    : invalid('cut short')
}

/**
 * The header at the start of `prefix`, or null while `prefix` is too short to tell. For readers of streams.
 *
 * @throws HEADER_INVALID, HEADER_TOO_LARGE
 */
export function tryReadHeader(prefix: Uint8Array): Header | null {
  if (prefix.length >= MAX_HEADER_BYTES) return readHeader(prefix)
  return parse(prefix)
}

/** The bytes that the MAC covers: everything up to and including `---`. */
export function macInput(headerBytes: Uint8Array, header: Header): Uint8Array {
  return headerBytes.subarray(0, header.length - MAC_TAIL)
}

/** The header's text before its MAC: what `macInput` returns once it is written. */
export function encodeStanzas(stanzas: readonly Stanza[]): Uint8Array {
  let text = `${VERSION_LINE}\n`
  for (const { args, body } of stanzas) {
    text += `-> ${args.join(' ')}\n`
    const encoded = encodeBase64(body)
    for (let i = 0; i < encoded.length; i += COLUMNS) text += `${encoded.slice(i, i + COLUMNS)}\n`
    if (encoded.length % COLUMNS === 0) text += '\n'
  }
  return ascii(`${text}---`)
}

/** The whole header. */
export function encodeHeader(stanzas: readonly Stanza[], mac: Uint8Array): Uint8Array {
  const text = encodeStanzas(stanzas)
  const tail = ascii(` ${encodeBase64(mac)}\n`)
  const out = new Uint8Array(text.length + tail.length)
  out.set(text)
  out.set(tail, text.length)
  return out
}

function parse(bytes: Uint8Array): Header | null {
  const lines = new Lines(bytes)
  const version = lines.next()
  if (version === null) {
    lines.expectStart(VERSION_LINE)
    return null
  }
  if (version !== VERSION_LINE) throw invalid('another version')
  const stanzas: Stanza[] = []
  for (;;) {
    const line = lines.next()
    if (line === null) return null
    if (line.startsWith('--- ')) {
      const mac = decodeBase64(line.slice(4))
      if (mac?.length !== 32) throw invalid('bad MAC')
      if (stanzas.length === 0) throw invalid('no recipient')
      return { stanzas, mac, length: lines.offset }
    }
    if (!line.startsWith('-> ')) throw invalid('neither a stanza nor a MAC')
    const args = line.slice(3).split(' ')
    if (args.some((arg) => !/^[\x21-\x7e]+$/.test(arg))) throw invalid('bad stanza argument')
    const body = parseBody(lines)
    if (body === null) return null
    stanzas.push({ args, body })
  }
}

function parseBody(lines: Lines): Uint8Array | null {
  let text = ''
  for (;;) {
    const line = lines.next()
    if (line === null) return null
    if (line.length > COLUMNS) throw invalid('long line in a stanza')
    text += line
    if (line.length < COLUMNS) break
  }
  const body = decodeBase64(text)
  if (body === null) throw invalid('stanza is not canonical base64')
  return body
}

class Lines {
  offset = 0

  constructor(private readonly bytes: Uint8Array) {}

  /** The next complete line without its line feed, or null when it is not complete yet. */
  next(): string | null {
    const end = this.bytes.indexOf(LINE_FEED, this.offset)
    if (end < 0) return null
    let line = ''
    for (let i = this.offset; i < end; i++) {
      const byte = this.bytes[i]!
      if (byte < 0x20 || byte > 0x7e) throw invalid('not printable ASCII')
      line += String.fromCharCode(byte)
    }
    this.offset = end + 1
    return line
  }

  /** Fails early on a stream that cannot become a header, so that nobody buffers 16 KiB of something else. */
  expectStart(text: string): void {
    const length = Math.min(text.length, this.bytes.length)
    for (let i = 0; i < length; i++)
      if (this.bytes[i] !== text.charCodeAt(i)) throw invalid('another version')
    if (this.bytes.length > text.length) throw invalid('another version')
  }
}
