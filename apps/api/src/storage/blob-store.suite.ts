import { randomBytes } from 'node:crypto'
import { computeCid } from '@granary/protocol'
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

    it('refuses a CID of another kind', async () => {
      const { cid } = await computeCid([randomBytes(8)])
      const other = CID.createV1(0x71, CID.parse(cid).multihash).toString()
      expect(await store.block(other)).toBeNull()
    })
  })
}
