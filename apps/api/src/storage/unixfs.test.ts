import { randomBytes } from 'node:crypto'
import { CHUNK_BYTES, type ContentAddress, importFile } from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { type GetBlock, readFile } from './unixfs.js'

const BLOCKS = 40

describe('reading a file of many blocks', () => {
  const blocks = new Map<string, Uint8Array>()
  const bytes = randomBytes(BLOCKS * CHUNK_BYTES - 77)
  let file: ContentAddress
  let asked = 0
  const getBlock: GetBlock = async (cid) => {
    asked += 1
    return blocks.get(cid.toString()) ?? null
  }
  const read = (range?: { offset: number; length: number }) => readFile(CID.parse(file.cid), getBlock, range)
  const all = async (source: AsyncIterable<Uint8Array>) => {
    const parts: Uint8Array[] = []
    for await (const part of source) parts.push(part)
    return Buffer.concat(parts)
  }

  beforeAll(async () => {
    file = await importFile([bytes], { put: (cid, block) => void blocks.set(cid, block.slice()) })
  })

  it('gives every byte once', async () => {
    expect((await all(read())).equals(bytes)).toBe(true)
  })

  it('gives a range that begins and ends inside of windows', async () => {
    const [offset, length] = [7 * CHUNK_BYTES + 5, 21 * CHUNK_BYTES + 11]
    expect((await all(read({ offset, length }))).equals(bytes.subarray(offset, offset + length))).toBe(true)
  })

  it('asks for no more blocks than a slow reader soon takes', async () => {
    asked = 0
    const slow = read()
    await slow.next()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(asked).toBeLessThan(BLOCKS / 2)
    await slow.return(undefined)
  })
})
