import { Buffer } from 'node:buffer'
import { computeCid } from '@granary/protocol'
import { CarReader } from '@ipld/car'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
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

  it('to be the worker of a page, and a part of a block that it does not have', async () => {
    const worker = await call(world, 'GET', `/ipfs/${cid}?format=raw`, {
      headers: { 'service-worker': 'script' },
    })
    expect(refusal(worker)).toBe('400 VALIDATION_FAILED')
    const range = await call(world, 'GET', `/ipfs/${cid}?format=raw`, {
      headers: { range: 'bytes=5000000-' },
    })
    expect(refusal(range)).toBe('416 RANGE_NOT_SATISFIABLE')
    expect(range.headers.get('cache-control')).toBe('no-store')
    expect(range.headers.get('content-range')).toMatch(/^bytes \*\/\d+$/)
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

  it('a part of a block, and all of it to who has a part of another', async () => {
    const whole = Buffer.from(await (await ask(`${cid}?format=raw`)).arrayBuffer())
    const part = await ask(`${cid}?format=raw`, { range: 'bytes=2-6' })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-6/${whole.length}`])
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(2, 7))).toBe(true)
    const other = await ask(`${cid}?format=raw`, { range: 'bytes=2-6', 'if-range': '"another"' })
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, whole.length])
    const headers = { range: 'bytes=9999999-', 'if-none-match': `"${cid}.raw"` }
    expect((await ask(`${cid}?format=raw`, headers)).status).toBe(304)
  })

  it('to HEAD the length of a block, and none of a CAR, which has not been made', async () => {
    const whole = (await (await ask(`${cid}?format=raw`)).arrayBuffer()).byteLength
    const raw = await ask(`${cid}?format=raw`, { range: 'bytes=2-6' }, 'HEAD')
    expect([raw.status, raw.headers.get('content-length')]).toEqual([200, `${whole}`])
    const car = await ask(`${cid}?format=car`, {}, 'HEAD')
    expect([car.status, car.headers.get('content-length')]).toEqual([200, null])
  })

  it('the same under the older form of a CID, and what a CID has in itself', async () => {
    const older = CID.createV0(CID.parse(cid).multihash as Parameters<typeof CID.createV0>[0]).toString()
    const [mine, theirs] = await Promise.all(
      [cid, older].map(async (name) => Buffer.from(await (await ask(`${name}?format=raw`)).arrayBuffer())),
    )
    expect(theirs!.equals(mine!)).toBe(true)
    const car = await blocksOf(await ask(`${older}?format=car`))
    expect([car.roots, car.cids[0], car.bytes]).toEqual([[older], older, sealed])
    const hello = CID.createV1(0x55, identity.digest(new TextEncoder().encode('hello'))).toString()
    expect(await (await ask(`${hello}?format=raw`)).text()).toBe('hello')
    expect(await blocksOf(await ask(`${hello}?format=car`))).toEqual({ cids: [], bytes: 0, roots: [hello] })
  })

  it('the name that is asked for, and where the answer is without a header', async () => {
    const named = await ask(`${cid}?format=car&filename=${encodeURIComponent('été "1"\r\n.car')}`, {}, 'HEAD')
    expect(named.headers.get('content-disposition')).toBe(
      `attachment; filename="_t_ _1___.car"; filename*=UTF-8''%C3%A9t%C3%A9%20%221%22%0D%0A.car`,
    )
    const accept = `${CAR}; order=foo, ${CAR}; dups=y; q=0.5`
    const chosen = await ask(`${cid}?dag-scope=block`, { accept })
    const there = chosen.headers.get('content-location')!
    expect(there).toBe(`/ipfs/${cid}?dag-scope=block&format=car&car-dups=y`)
    const again = await fetch(`${world.api}${there}`)
    expect(again.headers.get('etag')).toBe(chosen.headers.get('etag'))
    expect((await blocksOf(again)).cids).toEqual((await blocksOf(chosen)).cids)
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
    const most = await blocksOf(await ask(`${cid}?format=car&entity-bytes=0:9223372036854775807`))
    expect(most.bytes).toBe(sealed)
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
