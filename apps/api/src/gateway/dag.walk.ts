import { decode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import type { GetBlock } from '../storage/unixfs.js'
import type { EntityBytes } from './gateway.request.js'

const DAG_PB = 0x70

export interface Block {
  cid: CID
  bytes: Uint8Array
}

export interface Walk {
  /** `block` is the root alone; a file's `entity` is all of it. */
  scope: 'block' | 'entity' | 'all'
  /** Only what is needed to check these bytes of a file; null for all of it. */
  bytes: EntityBytes | null
  /** Whether a block that occurs twice comes twice. */
  duplicates: boolean
}

/** A block that is missing further down: the walk ends there, and so must the answer. */
export class BlockMissing extends Error {
  constructor(readonly cid: CID) {
    super(`block ${cid} is not here`)
  }
}

/**
 * The blocks of a DAG, depth first, each before what it links to; one block in memory at a time beside the way to it.
 * @throws BlockMissing
 */
export async function* walk(root: Block, getBlock: GetBlock, asked: Walk): AsyncGenerator<Block> {
  const seen = new Set<string>()
  const known = layout(root)
  const range = asked.bytes && known.size !== null ? resolve(asked.bytes, known.size) : null
  // Nothing of the file is asked for: the root says why.
  const whole = asked.scope !== 'block' && (asked.bytes === null || known.size === null || range !== null)

  async function* visit(block: Block, start: number): AsyncGenerator<Block> {
    const name = block.cid.toString()
    if (asked.duplicates || !seen.has(name)) yield block
    seen.add(name)
    if (!whole) return
    const { links } = layout(block)
    let offset = start
    for (const { cid, size } of links) {
      const wanted = range === null || size === null || (offset <= range.to && offset + size > range.from)
      if (wanted) {
        const bytes = await getBlock(cid)
        if (!bytes) throw new BlockMissing(cid)
        yield* visit({ cid, bytes }, offset)
      }
      offset += size ?? 0
    }
  }
  yield* visit(root, 0)
}

/** The bytes asked for as first and last offset within the file, null if they lie outside it. */
export function resolve({ from, to }: EntityBytes, size: number): { from: number; to: number } | null {
  const first = from < 0 ? Math.max(0, size + from) : from
  const last = to === null ? size - 1 : to < 0 ? size + to : Math.min(to, size - 1)
  return first < size && first <= last ? { from: first, to: last } : null
}

/** A file's size and its links with the bytes below each; a size of null is no file. */
function layout({ cid, bytes }: Block): { size: number | null; links: { cid: CID; size: number | null }[] } {
  if (cid.code !== DAG_PB) return { size: bytes.length, links: [] }
  const { Data, Links } = decode(bytes)
  const node = Data ? UnixFS.unmarshal(Data) : undefined
  const isFile = node !== undefined && ['file', 'raw'].includes(node.type)
  const links = Links.map(({ Hash }, place) => ({
    cid: Hash as unknown as CID,
    size: isFile ? Number(node.blockSizes[place] ?? 0n) : null,
  }))
  return { size: isFile ? Number(node.fileSize()) : null, links }
}
