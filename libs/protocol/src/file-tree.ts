import { encode, prepare } from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { MAX_LINKS } from './limits.js'
import { varint } from './varint.js'

// The nodes above a file's leaves by the profile `unixfs-v1-2025`, as dag-pb with UnixFS data
// (https://specs.ipfs.tech/unixfs/). Written here and not by `ipfs-unixfs`: its encoder (protons-runtime, up to 8.0.1)
// writes a length from 2^31 to 2^32 - 1 as one byte and leaves four of whatever was in memory.

const DAG_PB = 0x70
/** Fields of UnixFS data, number and wire type in one byte; and the type of a file. */
const [TYPE, FILE_SIZE, BLOCK_SIZE] = [0x08, 0x18, 0x20]
const FILE = 2

/** A node of a file's tree, as a block. */
export interface TreeNode {
  cid: string
  size: number
  bytes: Uint8Array
}

/** What a node says of a child: its CID, bytes of the file below it, and bytes of all blocks from it on. */
export interface TreeChild {
  cid: CID
  length: number
  total: number
}

/**
 * Grows a file's tree over its leaves, all of 1 MiB but the last, which are added in the file's order. `put` gets each
 * node once all that it links were added, the root last; a file of one leaf has no node. Held are the links of nodes that
 * are not full yet.
 */
export function growTree(put: (node: TreeNode) => Promise<void> | void): {
  add(leaf: CID, length: number): Promise<void>
  /** The root, after the last leaf. @throws TypeError when no leaf was added */
  root(): Promise<TreeChild>
} {
  const levels: TreeChild[][] = []

  async function push(child: TreeChild, level: number): Promise<void> {
    levels[level] ??= []
    levels[level].push(child)
    if (levels[level].length === MAX_LINKS) await close(level)
  }

  async function close(level: number): Promise<void> {
    const children = levels[level] ?? []
    levels[level] = []
    const { node, child } = await nodeOver(children)
    await put(node)
    await push(child, level + 1)
  }

  return {
    add: (cid, length) => push({ cid, length, total: length }, 0),
    async root() {
      for (let level = 0; ; level += 1) {
        const here = levels[level] ?? []
        const only = levels.slice(level + 1).every((above) => above.length === 0)
        if (only && here[0] && here.length === 1) return here[0]
        if (only && here.length === 0) throw new TypeError('leaves must be one or more')
        if (here.length > 0) await close(level)
      }
    },
  }
}

async function nodeOver(children: readonly TreeChild[]): Promise<{ node: TreeNode; child: TreeChild }> {
  const sum = (of: 'length' | 'total') => children.reduce((all, child) => all + child[of], 0)
  const links = children.map(({ cid, total }) => ({ Name: '', Tsize: total, Hash: cid }))
  const bytes = encode(prepare({ Data: fileData(children.map(({ length }) => length)), Links: links }))
  const cid = CID.createV1(DAG_PB, await sha256.digest(bytes))
  const child = { cid, length: sum('length'), total: bytes.length + sum('total') }
  return { node: { cid: cid.toString(), size: bytes.length, bytes }, child }
}

/** UnixFS data of a file's node: its type, the file's bytes below it and those below each child. */
function fileData(lengths: readonly number[]): Uint8Array {
  const size = lengths.reduce((sum, length) => sum + length, 0)
  const data = [TYPE, FILE, FILE_SIZE, ...varint(size)]
  for (const length of lengths) data.push(BLOCK_SIZE, ...varint(length))
  return Uint8Array.from(data)
}
