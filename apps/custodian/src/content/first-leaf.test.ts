import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bytesToHex, contentToCid } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FirstLeaf } from './first-leaf.js'

describe('the first leaf of a content', () => {
  const zeros = 'A'.repeat(43)
  const header = `age-encryption.org/v1\n-> some kind\n${zeros}\n--- ${zeros}\n`
  const blocks = new Map(
    [header, header, header, ''].map((start) => {
      const bytes = Buffer.concat([Buffer.from(start), randomBytes(20_000)])
      return [contentToCid(bytesToHex(createHash('sha256').update(bytes).digest()), true), bytes] as const
    }),
  )
  const [a, b, c, bare] = [...blocks.keys()] as [string, string, string, string]
  const asked: string[] = []
  let gateway: Server
  let url = ''

  beforeAll(async () => {
    gateway = createServer((request, response) => {
      const cid = /^\/ipfs\/(\w+)/.exec(request.url ?? '')?.[1] ?? ''
      asked.push(cid)
      response.end(blocks.get(cid))
    })
    await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((done) => gateway.close(done).closeAllConnections()))

  const read = async (most: number, cids: string[]) => {
    asked.length = 0
    const leaf = new FirstLeaf([url], most)
    for (const cid of cids) {
      const bytes = await leaf.read(cid)
      const length = cid === bare ? 16_384 : header.length
      expect(Buffer.from(bytes).equals(blocks.get(cid)!.subarray(0, length))).toBe(true)
      // A part of the block would hold all of it in memory.
      expect(bytes.buffer.byteLength).toBe(length)
    }
    return [...asked]
  }

  it('is kept for as many contents as may be, and for one more the oldest is read again', async () => {
    expect(await read(2, [a, b, a, b])).toEqual([a, b])
    expect(await read(2, [a, b, c, b, a])).toEqual([a, b, c, a])
  })

  it('is read each time where none may be kept', async () => {
    expect(await read(0, [a, a])).toEqual([a, a])
  })

  it('is as much as a header can have where there is none, read once', async () => {
    expect(await read(1, [bare, bare])).toEqual([bare])
  })
})
