import { CHUNK_BYTES, GranaryError, MAX_CONTENT_LEVELS } from '@granary/protocol'
import { decode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { exporter } from 'ipfs-unixfs-exporter'
import type { CID } from 'multiformats/cid'
import { CID as Cid } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

const RAW = 0x55
const DAG_PB = 0x70
const SHA2_256 = 0x12
/** How much of a file is read ahead of whoever takes it, and how many blocks are asked for at once. */
const WINDOW_BYTES = 8 * CHUNK_BYTES
const BLOCKS_AT_ONCE = 4

/** A block by its CID, or null when it is not there. */
export type GetBlock = (cid: CID) => Promise<Uint8Array | null>

/** The CID, if it is one that files and documents here have: version 1, raw or dag-pb, SHA-256; else null. */
export function parseCid(text: string): CID | null {
  try {
    const cid = Cid.parse(text)
    const known = cid.version === 1 && (cid.code === RAW || cid.code === DAG_PB)
    return known && cid.multihash.code === SHA2_256 && cid.multihash.size === 32 ? cid : null
  } catch {
    return null
  }
}

/** Whether `bytes` are the block that `cid` names. */
export async function isBlockOf(cid: CID, bytes: Uint8Array): Promise<boolean> {
  const hash = await sha256.digest(bytes)
  return Buffer.from(hash.digest).equals(cid.multihash.digest)
}

/** A block of a file: its name and its length in bytes. */
export interface FileBlock {
  cid: string
  size: number
}

/**
 * The blocks of the file under `cid`: its leaves in order, then the nodes that link them, level by level, the root last.
 * Reads the nodes only: of the leaves it is not known whether they are there.
 *
 * @throws GranaryError CONTENT_UNAVAILABLE when a node is missing, CONTENT_ALTERED when it is no file of ours
 */
export async function fileBlocks(cid: CID, getBlock: GetBlock): Promise<FileBlock[]> {
  const nodes: FileBlock[][] = []
  let level: { cid: CID; size: number }[] = [{ cid, size: 0 }]
  while (level[0]?.cid.code === DAG_PB) {
    if (nodes.length === MAX_CONTENT_LEVELS) throw new GranaryError('CONTENT_ALTERED', 'too many levels')
    const here: FileBlock[] = []
    const below: typeof level = []
    for (const node of level) {
      const bytes = await getBlock(node.cid)
      if (!bytes) throw new GranaryError('CONTENT_UNAVAILABLE', `block ${node.cid} is not here`)
      here.push({ cid: node.cid.toString(), size: bytes.length })
      below.push(...linksOf(bytes))
    }
    nodes.unshift(here)
    level = below
  }
  if (nodes.length === 0) {
    const bytes = await getBlock(cid)
    if (!bytes) throw new GranaryError('CONTENT_UNAVAILABLE', `block ${cid} is not here`)
    return [{ cid: cid.toString(), size: bytes.length }]
  }
  return [...level.map((leaf) => ({ cid: leaf.cid.toString(), size: leaf.size })), ...nodes.flat()]
}

function linksOf(node: Uint8Array): { cid: CID; size: number }[] {
  try {
    const { Links, Data } = decode(node)
    const sizes = UnixFS.unmarshal(Data ?? new Uint8Array()).blockSizes
    return Links.map(({ Hash }, i) => ({ cid: Cid.parse(Hash.toString()), size: Number(sizes[i]) }))
  } catch (cause) {
    throw new GranaryError('CONTENT_ALTERED', 'a node of it is no node of a file', { cause })
  }
}

/** The size of the file under `cid`, null when its root is missing. @throws GranaryError CONTENT_ALTERED: no file */
export async function fileSize(cid: CID, getBlock: GetBlock): Promise<number | null> {
  if (!(await getBlock(cid))) return null
  return Number((await fileOf(cid, getBlock)).size)
}

/**
 * Bytes of the file under `cid`. The exporter walks a file as fast as blocks come, whether or not anybody takes what it
 * read: so it is asked for one window after the other, and a slow reader holds back the store.
 *
 * @throws GranaryError CONTENT_UNAVAILABLE when a block is missing
 */
export async function* readFile(
  cid: CID,
  getBlock: GetBlock,
  range?: { offset: number; length: number },
): AsyncGenerator<Uint8Array> {
  const file = await fileOf(cid, getBlock)
  const end = range ? range.offset + range.length : Number(file.size)
  for (let offset = range?.offset ?? 0; offset < end; ) {
    const length = Math.min(end - offset, WINDOW_BYTES - (offset % WINDOW_BYTES))
    yield* file.content({ offset, length, blockReadConcurrency: BLOCKS_AT_ONCE })
    offset += length
  }
}

async function fileOf(cid: CID, getBlock: GetBlock) {
  const entry = await exporter(cid, {
    async *get(key: CID) {
      const bytes = await getBlock(key)
      if (!bytes) throw new GranaryError('CONTENT_UNAVAILABLE', `block ${key} is not here`)
      yield bytes
    },
  })
  if (entry.type === 'file' || entry.type === 'raw') return entry
  throw new GranaryError('CONTENT_ALTERED', `${cid} is not a file`)
}
