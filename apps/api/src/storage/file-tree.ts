import { type ContentAddress, cidToContent, MAX_LINKS } from '@granary/protocol'
import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import type { FileBlock } from './unixfs.js'

const RAW = 0x55
const DAG_PB = 0x70

/** A node of a file's tree, as a block. */
export interface TreeNode extends FileBlock {
  bytes: Uint8Array
}

/** The CID of a leaf by the SHA-256 of its bytes. */
export function leafCid(digest: Uint8Array): string {
  return CID.createV1(RAW, Digest.create(sha256.code, digest)).toString()
}

/**
 * The nodes above the leaves of a file, exactly as `importFile` makes them, from below, the root last; none when the file
 * is its one leaf.
 *
 * @param leaves in the order of the file; all of 1 MiB but the last. A file of nothing has one leaf of nothing.
 */
export async function fileTree(
  leaves: readonly FileBlock[],
): Promise<{ address: ContentAddress; nodes: TreeNode[] }> {
  const size = leaves.reduce((sum, leaf) => sum + leaf.size, 0)
  const nodes: TreeNode[] = []
  // What a parent says of a child: bytes of the file below it, and bytes of all blocks from it on.
  let level = leaves.map((leaf) => ({ cid: CID.parse(leaf.cid), length: leaf.size, total: leaf.size }))
  while (level.length > 1) {
    const above: typeof level = []
    for (let i = 0; i < level.length; i += MAX_LINKS) {
      const children = level.slice(i, i + MAX_LINKS)
      const file = new UnixFS({ type: 'file', blockSizes: children.map(({ length }) => BigInt(length)) })
      const links = children.map(({ cid, total }) => ({ Name: '', Tsize: total, Hash: cid }))
      const bytes = encode(prepare({ Data: file.marshal(), Links: links }))
      const cid = CID.createV1(DAG_PB, await sha256.digest(bytes))
      nodes.push({ cid: cid.toString(), size: bytes.length, bytes })
      const sum = (of: 'length' | 'total') => children.reduce((all, child) => all + child[of], 0)
      above.push({ cid, length: sum('length'), total: bytes.length + sum('total') })
    }
    level = above
  }
  const cid = level[0]?.cid.toString()
  if (cid === undefined) throw new TypeError('leaves must be one or more')
  return { address: { cid, ...cidToContent(cid), size }, nodes }
}
