import { importer } from 'ipfs-unixfs-importer'
import type { FileLayout } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { GranaryError } from './errors.js'
import { growTree } from './file-tree.js'
import { bytesToHex, type Hex, hexToBytes } from './hex.js'

// Content addresses by the profile `unixfs-v1-2025` (IPIP-499): CIDv1, sha2-256, chunks of 1 MiB, raw leaves, balanced,
// at most 1024 links a node. Node, browser and Kubo arrive at the same one.

const RAW = 0x55
const DAG_PB = 0x70
const SHA2_256 = 0x12

/** Where bytes are found: `content` is the digest in `cid`, `rawRoot` says which codec it has, `size` in bytes. */
export interface ContentAddress {
  cid: string
  content: Hex
  rawRoot: boolean
  size: number
}

/** Where blocks go. `put` may be called again before it has answered, `atOnce` (8) times at most. */
export interface BlockSink {
  put(cid: string, bytes: Uint8Array): Promise<void> | void
}

export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** The address of `source` without keeping a block. At most some 10 MiB are held at once, whatever the length. */
export function computeCid(source: ByteSource): Promise<ContentAddress> {
  return importFile(source, { put: () => undefined })
}

/**
 * Cuts `source` into blocks, hands each to `sink` and returns the root's address. Leaves come before the nodes that
 * link them; with one at once, in the file's order. The source's chunks may have any length and must not change until the promise is settled.
 *
 * @throws what source or sink throw
 */
export async function importFile(
  source: ByteSource,
  sink: BlockSink,
  { atOnce = 8 }: { atOnce?: number } = {},
): Promise<ContentAddress> {
  let size = 0
  async function* counted() {
    for await (const chunk of source) {
      size += chunk.length
      yield chunk
    }
  }
  const blockstore = {
    async put(cid: CID, bytes: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<CID> {
      await sink.put(cid.toString(), bytes instanceof Uint8Array ? bytes : await collect(bytes))
      return cid
    },
  }
  const tree = growTree(({ cid, bytes }) => sink.put(cid, bytes))
  const layout: FileLayout = async (leaves) => {
    for await (const { cid, size: length } of leaves) await tree.add(cid, Number(length))
    const { cid, total } = await tree.root()
    return { cid, size: BigInt(total) }
  }
  const options = { profile: 'unixfs-v1-2025', blockWriteConcurrency: atOnce, layout } as const
  for await (const entry of importer([{ content: counted() }], blockstore, options)) {
    return { cid: entry.cid.toString(), ...cidToContent(entry.cid.toString()), size }
  }
  throw new GranaryError('INTERNAL', 'the importer gave no root')
}

/** The CID of a digest that is on chain: raw codec or dag-pb. */
export function contentToCid(content: Hex, rawRoot: boolean): string {
  return CID.createV1(rawRoot ? RAW : DAG_PB, Digest.create(SHA2_256, hexToBytes(content, 32))).toString()
}

/**
 * Digest and codec of a CID.
 *
 * @throws GranaryError CID_INVALID unless it is a CIDv1 in base32 with sha2-256 and codec raw or dag-pb
 */
export function cidToContent(cid: string): { content: Hex; rawRoot: boolean } {
  let parsed: CID
  try {
    parsed = CID.parse(cid)
  } catch (cause) {
    throw new GranaryError('CID_INVALID', undefined, { cause })
  }
  const { version, code, multihash } = parsed
  const fits =
    version === 1 &&
    (code === RAW || code === DAG_PB) &&
    multihash.code === SHA2_256 &&
    multihash.digest.length === 32
  if (!fits || parsed.toString() !== cid) throw new GranaryError('CID_INVALID')
  return { content: bytesToHex(multihash.digest), rawRoot: code === RAW }
}

/**
 * The address of bytes that are pushed: for use beside a pipeline, while sealing or opening.
 *
 * `write` resolves once the chunk was taken, so awaiting it gives back-pressure; `close` resolves when the address is
 * known; `abort` ends it. `result` is rejected after `abort`. A chunk must not change after it was written.
 */
export function createCidStream(): {
  writer: {
    write(chunk: Uint8Array): Promise<void>
    close(): Promise<void>
    abort(reason?: unknown): Promise<void>
  }
  result: Promise<ContentAddress>
} {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const result = computeCid(chunks(readable))
  // Whoever closes or aborts hears of a failure there, too; it must not count as unhandled.
  result.catch(() => undefined)
  writer.closed.catch(() => undefined)
  return {
    writer: {
      write: async (chunk) => {
        await writer.write(chunk)
      },
      close: async () => {
        await writer.close()
        await result
      },
      abort: async (reason) => {
        await writer.abort(reason ?? new GranaryError('ABORTED'))
      },
    },
    result,
  }
}

/** A stream's chunks; Safari's streams are not iterable by themselves. */
async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/** All bytes of a source, in one piece: for what is known to be small. */
export async function collect(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  const bytes = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of all) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
