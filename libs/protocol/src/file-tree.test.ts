import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { vectors } from '../testing/vectors.js'
import { contentToCid } from './cid.js'
import { growTree, type TreeNode } from './file-tree.js'

const MIB = 2 ** 20
const { trees } = vectors<{ trees: { size: number; cid: string; levels: number }[] }>('cid')

const pattern = Uint8Array.from({ length: MIB + 251 }, (_, i) => i % 251)
const digests = new Map<string, CID>()
/** The leaf at a place of the vectors' test file, whose leaves repeat. */
function leaf(index: number, length: number): CID {
  const offset = (index * MIB + index) % 251
  const name = `${offset} ${length}`
  if (!digests.has(name)) {
    const hash = createHash('sha256').update(pattern.subarray(offset, offset + length))
    digests.set(name, CID.parse(contentToCid(`0x${hash.digest('hex')}`, true)))
  }
  return digests.get(name)!
}

async function treeOf(size: number): Promise<{ root: string; nodes: TreeNode[] }> {
  const nodes: TreeNode[] = []
  const tree = growTree((node) => void nodes.push(node))
  for (let i = 0; i * MIB < size; i += 1) {
    const length = Math.min(MIB, size - i * MIB)
    await tree.add(leaf(i, length), length)
  }
  return { root: (await tree.root()).cid.toString(), nodes }
}

describe("a large file's tree", () => {
  it.each(trees)('of $size bytes is that of the vectors', async ({ size, cid }) => {
    const { root, nodes } = await treeOf(size)
    expect(root).toBe(cid)
    expect(nodes.at(-1)!.cid).toBe(cid)
    expect((await treeOf(size)).root).toBe(cid)
  })

  it('is in the vectors where a size takes another number of bits', () => {
    expect(trees.map(({ size }) => size)).toEqual(
      expect.arrayContaining([2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]),
    )
  })

  it('of no leaf is refused', async () => {
    await expect(growTree(() => undefined).root()).rejects.toThrow(TypeError)
  })
})
