import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { type BlockSink, type ByteSource, type ContentAddress, importFile } from './cid.js'
import { GranaryError } from './errors.js'
import { CHUNK_BYTES, MAX_BLOCK_BYTES, MAX_LINKS } from './limits.js'
import { varint, varintSize } from './varint.js'

// Sealed files as CAR version 1 (https://ipld.io/specs/transport/car/carv1/): one root, then the leaves in the file's
// order, each node behind the last block that it links. The layout is the protocol's, so a CAR's length follows from the file's.

const CID_BYTES = 36
const RAW = 0x55
/** DAG-CBOR of `{roots: [cid], version: 1}` up to the CID, and behind it. */
const HEADER_START = [0xa2, 0x65, ...ascii('roots'), 0x81, 0xd8, 0x2a, 0x58, 0x25, 0x00]
const HEADER_END = [0x67, ...ascii('version'), 0x01]

/** The first bytes of a CAR with this root. */
export function carHeader(cid: string): Uint8Array {
  const header = [...HEADER_START, ...CID.parse(cid).bytes, ...HEADER_END]
  return Uint8Array.from([...varint(header.length), ...header])
}

/** What stands before a block of `length` bytes in a CAR. */
export function carSection(cid: string, length: number): Uint8Array {
  const prefix = CID.parse(cid).bytes
  return Uint8Array.from([...varint(prefix.length + length), ...prefix])
}

/** How long a block of `length` bytes is in a CAR, with what stands before it. */
const section = (length: number) => varintSize(CID_BYTES + length) + CID_BYTES + length

/** How long the CAR of a file of `size` bytes is. */
export function carSize(size: number): number {
  const header = HEADER_START.length + CID_BYTES + HEADER_END.length
  const full = Math.floor(size / CHUNK_BYTES)
  const rest = size % CHUNK_BYTES
  const withRest = rest > 0 || size === 0
  let total = varintSize(header) + header + full * section(CHUNK_BYTES) + (withRest ? section(rest) : 0)
  let level = Array.from({ length: full }, () => ({ bytes: CHUNK_BYTES, below: CHUNK_BYTES }))
  if (withRest) level.push({ bytes: rest, below: rest })
  while (level.length > 1) {
    const parents = []
    for (let i = 0; i < level.length; i += MAX_LINKS) {
      const links = level.slice(i, i + MAX_LINKS)
      const bytes = links.reduce((sum, link) => sum + link.bytes, 0)
      const node = nodeSize(bytes, links)
      total += section(node)
      parents.push({ bytes, below: node + links.reduce((sum, link) => sum + link.below, 0) })
    }
    level = parents
  }
  return total
}

/** How long a dag-pb node of a file is: its UnixFS data (type, size, sizes below) and its links (CID, no name, Tsize). */
function nodeSize(bytes: number, links: { bytes: number; below: number }[]): number {
  const data = 2 + 1 + varintSize(bytes) + links.reduce((sum, link) => sum + 1 + varintSize(link.bytes), 0)
  const field = (length: number) => 1 + varintSize(length) + length
  return (
    field(data) +
    links.reduce((sum, { below }) => sum + field(field(CID_BYTES) + 2 + 1 + varintSize(below)), 0)
  )
}

/**
 * How many bytes of the file's CAR come before the leaf at `offset` of the file, a multiple of the leaves' length. A node
 * follows as soon as all that it links is there.
 */
export function carOffset(cid: string, offset: number): number {
  let total = carHeader(cid).length
  let below = { bytes: CHUNK_BYTES, below: CHUNK_BYTES }
  let length = CHUNK_BYTES
  for (let count = offset / CHUNK_BYTES; count >= 1; count = Math.floor(count / MAX_LINKS)) {
    total += count * section(length)
    const links = Array<typeof below>(MAX_LINKS).fill(below)
    length = nodeSize(MAX_LINKS * below.bytes, links)
    below = { bytes: MAX_LINKS * below.bytes, below: length + MAX_LINKS * below.below }
  }
  return total
}

/** Writes the CAR of `source` into `sink`, piece by piece; the caller compares the address with the root it named. */
export async function writeCar(
  cid: string,
  source: ByteSource,
  sink: (bytes: Uint8Array) => Promise<void>,
): Promise<ContentAddress> {
  await sink(carHeader(cid))
  const blocks: BlockSink = {
    async put(name, bytes) {
      await sink(carSection(name, bytes.length))
      if (bytes.length > 0) await sink(bytes)
    },
  }
  return importFile(source, blocks, { atOnce: 1 })
}

/**
 * The file in a CAR: the bytes of its leaves in the order in which they come. Each block is checked against its CID before
 * it is handed on; whether the leaves make up the root, only the address of all that came out tells.
 *
 * @throws GranaryError CONTENT_ALTERED, BLOCK_TOO_LARGE
 */
export async function* readCar(cid: string, source: ByteSource): AsyncGenerator<Uint8Array> {
  const input = byteReader(source)
  const header = carHeader(cid)
  const found = await input.take(header.length)
  if (!found || found.some((byte, i) => byte !== header[i]))
    throw new GranaryError('CONTENT_ALTERED', `this is no CAR of ${cid}`)
  for (let length = await input.varint(); length !== null; length = await input.varint()) {
    if (length > CID_BYTES + MAX_BLOCK_BYTES) throw new GranaryError('BLOCK_TOO_LARGE')
    const section = length < CID_BYTES ? null : await input.take(length)
    if (!section) throw new GranaryError('CONTENT_ALTERED', `the CAR of ${cid} ends within a block`)
    const [key, bytes] = [cidOf(section.subarray(0, CID_BYTES)), section.subarray(CID_BYTES)]
    const { digest } = await sha256.digest(bytes)
    if (!key || digest.some((byte, i) => byte !== key.multihash.digest[i]))
      throw new GranaryError('CONTENT_ALTERED', `a block in the CAR of ${cid} is not what its name says`)
    if (key.code === RAW && bytes.length > 0) yield bytes
  }
}

function cidOf(bytes: Uint8Array): CID | null {
  try {
    const cid = CID.decode(bytes)
    return cid.multihash.code === sha256.code ? cid : null
  } catch {
    return null
  }
}

/** Takes bytes off a source as they are needed; null at its end. */
function byteReader(source: ByteSource) {
  const chunks = (Symbol.asyncIterator in source ? source : toAsync(source))[Symbol.asyncIterator]()
  let parts: Uint8Array[] = []
  let held = 0
  const take = async (length: number): Promise<Uint8Array | null> => {
    while (held < length) {
      const { done, value } = await chunks.next()
      if (done) return null
      parts.push(value)
      held += value.length
    }
    const all = parts.length === 1 ? (parts[0] as Uint8Array) : joined(parts, held)
    held -= length
    parts = held > 0 ? [all.subarray(length)] : []
    return all.subarray(0, length)
  }
  return {
    take,
    async varint(): Promise<number | null> {
      let value = 0
      for (let place = 0; place < 5; place++) {
        const byte = (await take(1))?.[0]
        if (byte === undefined) {
          if (place === 0) return null
          break
        }
        value += (byte & 0x7f) * 2 ** (7 * place)
        if (byte < 0x80) return value
      }
      throw new GranaryError('CONTENT_ALTERED', 'a length in a CAR is none')
    },
  }
}

async function* toAsync(source: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* source
}

function joined(parts: Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0))
}
