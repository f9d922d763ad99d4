import { Buffer } from 'node:buffer'
import { computeCid } from '@granary/protocol'
import { CarReader } from '@ipld/car'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { contributeBytes, newContributor } from '../support/actors.js'
import { call, refusal } from '../support/rest.js'
import { sharedWorld, type World } from '../support/world.js'

// The trustless gateway: what anybody can check who has nothing but a CID.

const MIB = 1 << 20
const RAW = 'application/vnd.ipld.raw'
const CAR = 'application/vnd.ipld.car'

let world: World
let cid: string
let sealed: number

beforeAll(async () => {
  world = sharedWorld()
  const alice = await newContributor(world)
  const pool = await world.createPool()
  const bytes = Buffer.alloc(3 * MIB + 11, 'granary')
  const done = await contributeBytes(alice, bytes, { pool, purposes: ['evaluation'], expires: null })
  cid = done.cid
  sealed = done.size
})
afterAll(() => world.close())

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${world.api}/ipfs/${path}`, { method, headers })

/** The blocks of a CAR, each checked against its CID. */
async function blocksOf(response: Response): Promise<{ cids: string[]; bytes: number; roots: string[] }> {
  expect(response.status).toBe(200)
  const car = await CarReader.fromBytes(new Uint8Array(await response.arrayBuffer()))
  const cids: string[] = []
  let bytes = 0
  for await (const block of car.blocks()) {
    const digest = await sha256.digest(block.bytes)
    expect(Buffer.from(digest.digest).equals(Buffer.from(block.cid.multihash.digest))).toBe(true)
    cids.push(block.cid.toString())
    if (block.cid.code === 0x55) bytes += block.bytes.length
  }
  return { cids, bytes, roots: (await car.getRoots()).map(String) }
}

describe('GET /ipfs/{cid} refuses', () => {
  it('to guess what is asked for, and what it does not have', async () => {
    expect(refusal(await call(world, 'GET', `/ipfs/${cid}`, { headers: { accept: '' } }))).toBe(
      '400 FORMAT_MISSING',
    )
    for (const [query, accept] of [
      ['', 'text/html'],
      ['?format=ipns-record', RAW],
      ['?format=car', `${CAR}; version=2`],
    ]) {
      const answer = await call(world, 'GET', `/ipfs/${cid}${query}`, { headers: { accept: accept! } })
      expect(refusal(answer)).toBe('406 NOT_ACCEPTABLE')
    }
    for (const query of ['dag-scope=some', 'entity-bytes=5', 'car-order=bfs', 'car-version=2'])
      expect(refusal(await call(world, 'GET', `/ipfs/${cid}?format=car&${query}`))).toBe(
        '400 VALIDATION_FAILED',
      )
  })

  it('blocks that nobody brought, and paths that are no CID', async () => {
    const { cid: unknown } = await computeCid([new TextEncoder().encode(`${Math.random()}`)])
    for (const format of ['raw', 'car']) {
      expect(refusal(await call(world, 'GET', `/ipfs/${unknown}?format=${format}`))).toBe('404 BLOCK_UNKNOWN')
      const headers = { 'cache-control': 'only-if-cached' }
      expect(refusal(await call(world, 'GET', `/ipfs/${unknown}?format=${format}`, { headers }))).toBe(
        '412 CONTENT_NOT_CACHED',
      )
      expect((await ask(`${unknown}?format=${format}`, {}, 'HEAD')).status).toBe(404)
    }
    expect(refusal(await call(world, 'GET', '/ipfs/bafkqaaax?format=raw'))).toBe('400 CID_INVALID')
    expect((await ask(`${cid}/name?format=raw`)).status).toBe(404)
  })

  it('bytes beyond the end of the file', async () => {
    const answer = await call(world, 'GET', `/ipfs/${cid}?format=car&entity-bytes=${sealed}:*`)
    expect(refusal(answer)).toBe('400 ENTITY_BYTES_OUTSIDE')
  })
})

describe('GET /ipfs/{cid} gives', () => {
  it('a block by query or by header, to be kept for ever and never shown', async () => {
    for (const response of [await ask(`${cid}?format=raw`), await ask(cid, { accept: RAW })]) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      const digest = await sha256.digest(bytes)
      expect(Buffer.from(digest.digest).equals(Buffer.from(CID.parse(cid).multihash.digest))).toBe(true)
      expect(response.headers.get('content-type')).toBe(RAW)
      expect(response.headers.get('etag')).toBe(`"${cid}.raw"`)
      expect(response.headers.get('cache-control')).toMatch(/immutable/)
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${cid}.bin"`)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('content-security-policy')).toContain('sandbox')
    }
    const again = await ask(`${cid}?format=raw`, { 'if-none-match': `"x", W/"${cid}.raw"` })
    expect(again.status).toBe(304)
  })

  it('the whole DAG as a CAR, depth first, whose blocks are the sealed file', async () => {
    const response = await ask(`${cid}?format=car`)
    expect(response.headers.get('content-type')).toBe(`${CAR}; version=1; order=dfs; dups=n`)
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${cid}.car"`)
    expect(response.headers.get('x-ipfs-path')).toBe(`/ipfs/${cid}`)
    const { cids, bytes, roots } = await blocksOf(response)
    expect(roots).toEqual([cid])
    expect(cids[0]).toBe(cid)
    expect(bytes).toBe(sealed)
    expect((await blocksOf(await ask(`${cid}?dag-scope=entity`, { accept: CAR }))).cids).toEqual(cids)
    expect((await blocksOf(await ask(`${cid}?format=car&dag-scope=block`))).cids).toEqual([cid])
  })

  it('what proves a part of the file, and no more', async () => {
    const part = await blocksOf(await ask(`${cid}?format=car&entity-bytes=${MIB}:${MIB + 5}`))
    expect(part.cids).toHaveLength(2)
    const tail = await blocksOf(await ask(`${cid}?format=car&entity-bytes=-5:*`))
    expect(tail.cids).toHaveLength(2)
    expect(tail.cids[0]).toBe(cid)
    expect(tail.cids[1]).not.toBe(part.cids[1])
    expect((await blocksOf(await ask(`${cid}?format=car&entity-bytes=5:4`))).cids).toEqual([cid])
  })

  it('another tag for each part, and nothing to who has it', async () => {
    const queries = ['', '&dag-scope=block', '&entity-bytes=0:5', '&entity-bytes=0:6', '&car-dups=y']
    const tags = await Promise.all(
      queries.map(async (query) => (await ask(`${cid}?format=car${query}`, {}, 'HEAD')).headers.get('etag')),
    )
    expect(new Set(tags).size).toBe(queries.length)
    const held = await ask(`${cid}?format=car`, { 'if-none-match': tags[0]! })
    expect(held.status).toBe(304)
  })

  it('a sign of what it is to those who look for a gateway', async () => {
    const raw = await ask('bafkqaaa?format=raw')
    expect([raw.status, await raw.text()]).toEqual([200, ''])
    expect((await blocksOf(await ask('bafkqaaa?format=car'))).roots).toEqual(['bafkqaaa'])
    expect((await ask('bafkqaaa?format=raw', {}, 'HEAD')).status).toBe(200)
  })
})
