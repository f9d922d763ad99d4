import { type ContentAddress, cidToContent, growTree, type TreeNode } from '@granary/protocol'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import type { FileBlock } from './unixfs.js'

const RAW = 0x55

/** The CID of a leaf by the SHA-256 of its bytes. */
export function leafCid(digest: Uint8Array): string {
  return CID.createV1(RAW, Digest.create(sha256.code, digest)).toString()
}

/**
 * The nodes above the leaves of a file, exactly as `importFile` makes them, from below, the root last; none when the file
 * is its one leaf.
 *
 * @param leaves in the order of the file; all of 1 MiB but the last. A file of nothing has one leaf of nothing.
 * @throws TypeError when there is none
 */
export async function fileTree(
  leaves: readonly FileBlock[],
): Promise<{ address: ContentAddress; nodes: TreeNode[] }> {
  const nodes: TreeNode[] = []
  const tree = growTree((node) => void nodes.push(node))
  for (const { cid, size } of leaves) await tree.add(CID.parse(cid), size)
  const { cid, length } = await tree.root()
  return { address: { cid: cid.toString(), ...cidToContent(cid.toString()), size: length }, nodes }
}
