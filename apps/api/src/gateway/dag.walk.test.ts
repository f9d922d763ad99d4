import { importFile } from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { fileSize, readFile } from '../storage/unixfs.js'
import { BlockMissing, resolve, type Walk, walk } from './dag.walk.js'

const MIB = 1 << 20
const WHOLE: Walk = { scope: 'all', bytes: null, duplicates: false }

const blocks = new Map<string, Uint8Array>()
const getBlock = async (cid: CID) => blocks.get(cid.toString()) ?? null
const made: Record<string, string> = {}

async function make(name: string, parts: Uint8Array[]): Promise<void> {
  const put = (cid: string, bytes: Uint8Array) => void blocks.set(cid, bytes)
  made[name] = (await importFile(parts, { put })).cid
}

async function walked(name: string, asked: Walk, get = getBlock): Promise<string[]> {
  const cid = CID.parse(made[name]!)
  const found: string[] = []
  for await (const block of walk({ cid, bytes: blocks.get(cid.toString())! }, get, asked))
    found.push(block.cid.toString())
  return found
}

beforeAll(async () => {
  const parts = [1, 2, 3, 4, 5].map((byte) => new Uint8Array(MIB).fill(byte))
  await make('empty', [])
  await make('small', [new Uint8Array(10)])
  await make('five', [...parts, new Uint8Array(7)])
  await make('zeros', [new Uint8Array(3 * MIB)])
})

describe('a walk over a DAG', () => {
  it.each(['empty', 'small', 'five'])(
    'of %s begins at the root and reaches every block once',
    async (name) => {
      const found = await walked(name, WHOLE)
      expect(found[0]).toBe(made[name])
      expect(new Set(found).size).toBe(found.length)
      expect(found.length).toBe({ empty: 1, small: 1, five: 7 }[name])
      expect(await walked(name, { ...WHOLE, scope: 'entity' })).toEqual(found)
      expect(await walked(name, { ...WHOLE, scope: 'block' })).toEqual([made[name]])
    },
  )

  it('sends a block that occurs more than once as often as it is asked to', async () => {
    expect(await walked('zeros', WHOLE)).toHaveLength(2)
    expect(await walked('zeros', { ...WHOLE, duplicates: true })).toHaveLength(4)
  })

  it('ends where a block is missing', async () => {
    const [, , third] = await walked('five', WHOLE)
    const without = async (cid: CID) => (cid.toString() === third ? null : getBlock(cid))
    await expect(walked('five', WHOLE, without)).rejects.toBeInstanceOf(BlockMissing)
    expect(await walked('five', { ...WHOLE, bytes: { from: 0, to: 9 } }, without)).toHaveLength(2)
  })

  it('to prove bytes of a file takes exactly the blocks that hold them', async () => {
    const size = 5 * MIB + 7
    const bound = fc.integer({ min: -size - 5, max: size + 5 })
    await fc.assert(
      fc.asyncProperty(bound, fc.option(bound), async (from, to) => {
        const found = await walked('five', { ...WHOLE, scope: 'entity', bytes: { from, to } })
        const range = resolve({ from, to }, size)
        if (!range) return expect(found).toEqual([made.five])
        const leaves = Math.floor(range.to / MIB) - Math.floor(range.from / MIB) + 1
        expect(found).toHaveLength(1 + leaves)
        // Whoever has these blocks and no others can read the bytes.
        const only = async (cid: CID) => (found.includes(cid.toString()) ? getBlock(cid) : null)
        const cid = CID.parse(made.five!)
        expect(await fileSize(cid, only)).toBe(size)
        let read = 0
        const length = range.to - range.from + 1
        for await (const part of readFile(cid, only, { offset: range.from, length })) read += part.length
        expect(read).toBe(length)
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    [{ from: 0, to: null }, 10, { from: 0, to: 9 }],
    [{ from: -3, to: null }, 10, { from: 7, to: 9 }],
    [{ from: -30, to: 2 }, 10, { from: 0, to: 2 }],
    [{ from: 4, to: -3 }, 10, { from: 4, to: 7 }],
    [{ from: 9, to: 99 }, 10, { from: 9, to: 9 }],
    [{ from: 10, to: null }, 10, null],
    [{ from: 5, to: 4 }, 10, null],
    [{ from: 0, to: -11 }, 10, null],
    [{ from: 0, to: null }, 0, null],
  ])('%p of %i bytes are %p', (asked, size, wanted) => expect(resolve(asked, size)).toEqual(wanted))
})
