import { createHash } from 'node:crypto'
import { CHUNK_BYTES, computeCid, importFile, MAX_LINKS } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fileTree, leafCid } from './file-tree.js'
import type { FileBlock } from './unixfs.js'

const LEAF = new Uint8Array(CHUNK_BYTES).fill(7)
const digest = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

/** A file of `size` bytes, all of them seven, in leaves. */
function* leavesOf(size: number): Generator<Uint8Array> {
  if (size === 0) yield LEAF.subarray(0, 0)
  for (let at = 0; at < size; at += CHUNK_BYTES) yield LEAF.subarray(0, Math.min(CHUNK_BYTES, size - at))
}

async function compare(size: number): Promise<void> {
  const imported: FileBlock[] = []
  const put = (cid: string, bytes: Uint8Array) => void imported.push({ cid, size: bytes.length })
  const expected = await importFile(leavesOf(size), { put })
  const leaves = [...leavesOf(size)].map((bytes) => ({ cid: leafCid(digest(bytes)), size: bytes.length }))
  const { address, nodes } = await fileTree(leaves)
  expect(address).toEqual(expected)
  const known = new Set(imported.map(({ cid, size }) => `${cid} ${size}`))
  for (const block of [...leaves, ...nodes]) expect(known).toContain(`${block.cid} ${block.size}`)
  expect(new Set([...leaves, ...nodes].map(({ cid }) => cid)).size).toBe(known.size)
  for (const node of nodes) expect((await computeCid([node.bytes])).content).toMatch(/^0x/)
}

describe('the tree above leaves', () => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 5 * CHUNK_BYTES + 3])(
    'of %i bytes is that of an import',
    compare,
  )

  it.each([-1, 0, 1, CHUNK_BYTES + 5])(
    'of a full node and %i bytes is that of an import',
    (more) => compare(MAX_LINKS * CHUNK_BYTES + more),
    60_000,
  )

  it('of any small size is that of an import', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 12 * CHUNK_BYTES }), compare), { numRuns: 20 })
  }, 60_000)

  it('of nothing at all is refused', async () => {
    await expect(fileTree([])).rejects.toThrow(TypeError)
  })
})
