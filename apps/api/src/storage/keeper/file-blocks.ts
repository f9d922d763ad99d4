import { decode } from '@ipld/dag-pb'
import type { CID } from 'multiformats/cid'
import { CID as Cid } from 'multiformats/cid'

const DAG_PB = 0x70

export interface BlockName {
  cid: string
  size: number
}

/** What a walk from a root found. */
export interface Walked {
  /** Leaves in the order of the file, then the nodes, the root last. */
  blocks: BlockName[]
  /** Blocks that were not to be had; what lies below a missing node is not known. */
  missing: string[]
}

/** A file is larger than anything that was taken here. */
export class WalkTooLarge extends Error {}

/**
 * All blocks of the file under `root`, by following links; leaves are read, too.
 *
 * @throws WalkTooLarge beyond `mostBytes`
 */
export async function walkFile(
  root: string,
  getBlock: (cid: string) => Promise<Uint8Array | null>,
  mostBytes: number,
): Promise<Walked> {
  const leaves: BlockName[] = []
  const nodes: BlockName[] = []
  const missing: string[] = []
  let bytes = 0
  const visit = async (cid: CID): Promise<void> => {
    const name = cid.toString()
    const block = await getBlock(name)
    if (!block) {
      missing.push(name)
      return
    }
    bytes += block.length
    if (bytes > mostBytes) throw new WalkTooLarge(`${root} has more than ${mostBytes} bytes`)
    if (cid.code !== DAG_PB) {
      leaves.push({ cid: name, size: block.length })
      return
    }
    for (const { Hash } of decode(block).Links) await visit(Hash as unknown as CID)
    nodes.push({ cid: name, size: block.length })
  }
  await visit(Cid.parse(root))
  return { blocks: [...leaves, ...nodes], missing }
}
