import { randomBytes } from 'node:crypto'
import { computeCid, importFile } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import type { BlobStore } from './blob-store.port.js'

const MIB = 1024 * 1024

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return Buffer.concat(parts)
}

/** The conformance suite of the port: called once per adapter, with a store of its own. */
export function blobStoreSuite(adapter: string, open: () => Promise<BlobStore>): void {
  describe(`${adapter} blob store`, () => {
    let store: BlobStore
    beforeAll(async () => {
      store = await open()
      await store.check()
    })
    afterAll(() => store?.close())

    it.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7])(
      'gives %i bytes back under the client’s CID',
      async (size) => {
        const bytes = randomBytes(size)
        const address = await store.importFile([bytes])
        expect(address).toEqual(await computeCid([bytes]))
        expect(await store.size(address.cid)).toBe(size)
        expect((await collect(store.read(address.cid))).equals(bytes)).toBe(true)
      },
    )

    it('reads a range across blocks', async () => {
      const bytes = randomBytes(2 * MIB + 100)
      const { cid } = await store.importFile([bytes.subarray(0, 77), bytes.subarray(77)])
      const part = await collect(store.read(cid, { offset: MIB - 5, length: 10 }))
      expect(part.equals(bytes.subarray(MIB - 5, MIB + 5))).toBe(true)
    })

    it('takes the same file twice', async () => {
      const bytes = randomBytes(MIB + 1)
      expect(await store.importFile([bytes])).toEqual(await store.importFile([bytes]))
    })

    it('has no block that nobody put, and says so in time', async () => {
      const { cid } = await computeCid([randomBytes(64)])
      expect(await store.block(cid, { timeout: 500 })).toBeNull()
      expect(await store.size('not a cid')).toBeNull()
    })

    it('rejects when the source breaks off', async () => {
      async function* broken() {
        yield randomBytes(10)
        throw new Error('gone')
      }
      await expect(store.importFile(broken())).rejects.toThrow('gone')
    })

    it('fails a read whose block is missing', async () => {
      const { cid } = await computeCid([randomBytes(64)])
      await expect(collect(store.read(cid))).rejects.toMatchObject({ code: 'CONTENT_UNAVAILABLE' })
    }, 20_000)

    /** A file's blocks, put one by one, and its root. */
    async function inBlocks(bytes: Uint8Array) {
      const cids: string[] = []
      const put = async (cid: string, block: Uint8Array) => {
        cids.push(cid)
        await store.put(cid, block)
      }
      const { cid } = await importFile([bytes], { put })
      return { cids, root: cid }
    }

    it('will not pin a file of which a block is missing', async () => {
      const { cids, root } = await inBlocks(randomBytes(2 * MIB))
      await store.remove([cids[0] as string])
      await expect(store.pin(root)).rejects.toMatchObject({ code: 'CONTENT_UNAVAILABLE' })
    }, 20_000)

    it('keeps a file that came block by block', async () => {
      const bytes = randomBytes(2 * MIB + 5)
      const { root } = await inBlocks(bytes)
      await store.pin(root)
      await store.pin(root)
      expect((await collect(store.read(root))).equals(bytes)).toBe(true)
    })

    it('removes blocks, says which its pins hold, and does not mind what is not there', async () => {
      const { cids, root } = await inBlocks(randomBytes(2 * MIB + 5))
      await store.pin(root)
      const { removed, kept } = await store.remove(cids)
      expect([...removed, ...kept].sort()).toEqual([...cids].sort())
      for (const cid of kept) expect(await store.block(cid, { local: true })).not.toBeNull()
      await store.unpin(root)
      await store.unpin(root)
      expect(await store.remove(cids)).toEqual({ removed: cids, kept: [] })
      for (const cid of cids) expect(await store.block(cid, { timeout: 500, local: true })).toBeNull()
    })

    it('keeps what another pin holds, where it has pins', async () => {
      const leaf = randomBytes(MIB)
      const one = await inBlocks(Buffer.concat([leaf, randomBytes(7)]))
      const other = await inBlocks(Buffer.concat([leaf, randomBytes(9)]))
      await store.pin(one.root)
      await store.pin(other.root)
      await store.unpin(one.root)
      const shared = one.cids.filter((cid) => other.cids.includes(cid))
      expect(shared).toHaveLength(1)
      expect((await store.remove(one.cids)).kept).toEqual(adapter === 'kubo' ? shared : [])
    })

    it('keeps notes by name, the last under each, apart from what anybody uploads', async () => {
      const folder = `suite-${randomBytes(6).toString('hex')}`
      expect(await store.notes.list(folder)).toEqual([])
      expect(await store.notes.read(`${folder}/one`)).toBeNull()
      await store.notes.write(`${folder}/one`, 'a much longer text than the next')
      await store.notes.write(`${folder}/one`, '{"first":1}')
      await store.notes.write(`${folder}/two`, '')
      expect((await store.notes.list(folder)).sort()).toEqual(['one', 'two'])
      expect(await store.notes.read(`${folder}/one`)).toBe('{"first":1}')
      expect(await store.notes.read(`${folder}/two`)).toBe('')
      await store.importFile([Buffer.from('{"first":2}')])
      expect(await store.notes.read(`${folder}/one`)).toBe('{"first":1}')
    })

    it('says how much room it has', async () => {
      expect(await store.free()).toBeGreaterThan(0)
    })

    it('refuses a CID of another kind', async () => {
      const { cid } = await computeCid([randomBytes(8)])
      const other = CID.createV1(0x71, CID.parse(cid).multihash).toString()
      expect(await store.block(other)).toBeNull()
    })
  })
}
