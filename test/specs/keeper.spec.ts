import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { documentCids, type Hex, type StorageResource } from '@granary/protocol'
import { CarReader } from '@ipld/car'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { spentOf } from '../support/releases.js'
import { call, refusal } from '../support/rest.js'
import { type BadGateway, BlockFolder, badGateway, secondApi } from '../support/second-locations.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// What is stored is looked after: blocks that a disk lost or altered come back from a second location, whoever else lies,
// hangs or is away. The store's folder is damaged behind the API's back.

const MIB = 1 << 20
const PACE = {
  STORAGE_CHECK_INTERVAL_MS: '200',
  STORAGE_CHECK_PERIOD_SECONDS: '2',
  STORAGE_CHECK_BLOCKS: '50',
  STORAGE_RETRY_SECONDS: '1',
  STORAGE_LOCATION_TIMEOUT_MS: '1000',
  STORAGE_LOCATION_ATTEMPTS: '2',
}

let world: OwnWorld
let second: Awaited<ReturnType<typeof secondApi>>
let bad: BadGateway
let worse: BadGateway
let blocks: BlockFolder
let alice: Actor
let pool: number
let cli: CommandLine

beforeAll(async () => {
  second = await secondApi()
  bad = await badGateway('absent')
  worse = await badGateway('absent', () => second.url)
  const locations = [
    `bad=gateway+${bad.url}`,
    `worse=gateway+${worse.url}/`,
    `elsewhere=gateway+${second.url}`,
  ]
  world = await startWorld({
    args: ['--port', '0'],
    env: { ...PACE, STORAGE_LOCATIONS: locations.join(' ') },
  })
  second.join(world)
  await second.start()
  blocks = new BlockFolder(join(world.dir, 'ipfs'))
  alice = await newContributor(world)
  pool = await world.createPool()
  cli = commandLine(world)
}, 240_000)
afterAll(async () => {
  cli?.remove()
  await second?.remove()
  await world?.end()
  await bad?.close()
  await worse?.close()
})

interface Kept {
  id: Hex
  cid: string
  cids: string[]
  sealed: Buffer
}

/** A dataset of two leaves and a root, with the names of its blocks. */
async function contributed(): Promise<Kept> {
  const terms = { pool, purposes: ['evaluation'] as const, expires: null }
  const { id, cid } = await contributeBytes(alice, randomBytes(MIB + 50_000), terms)
  const car = await fetch(`${world.api}/ipfs/${cid}?format=car`)
  const cids: string[] = []
  for await (const each of (await CarReader.fromBytes(new Uint8Array(await car.arrayBuffer()))).cids())
    cids.push(each.toString())
  expect(cids).toHaveLength(3)
  return { id, cid, cids, sealed: await content(id) }
}

const content = async (id: Hex) =>
  Buffer.from(await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer())
const storage = async (id: Hex): Promise<StorageResource> =>
  (await call(world, 'GET', `/v1/datasets/${id}/storage`)).body
const state = (id: Hex, wanted: StorageResource['state'], since = '') =>
  waitFor(`${id} ${wanted}`, async () => {
    const found = await storage(id)
    return found.state === wanted && (since === '' || (found.checked ?? '') > since)
  })
/** What became of it at each location, once it is what is meant: who is slow for once is asked again. */
async function locations(id: Hex, isMeant: (all: StorageResource['locations']) => boolean) {
  await waitFor(`the locations of ${id}`, async () => isMeant((await storage(id)).locations))
}
/** The state once it was looked at again. */
const checkedAgain = (id: Hex, wanted: StorageResource['state'] = 'held') =>
  state(id, wanted, new Date().toISOString())

describe('GET /v1/datasets/{id}/storage', () => {
  it('refuses what no dataset is', async () => {
    expect(refusal(await call(world, 'GET', `/v1/datasets/0x${'ab'.repeat(32)}/storage`))).toBe(
      '404 DATASET_UNKNOWN',
    )
    expect(refusal(await call(world, 'GET', '/v1/datasets/x/storage'))).toBe('400 VALIDATION_FAILED')
  })

  it('tells state, times and history to everybody, and does not write down each check', async () => {
    const { id, cid } = await contributed()
    await checkedAgain(id)
    await checkedAgain(id)
    const expected = [
      ['here', 'own', 'held'],
      ['bad', 'gateway', 'missing'],
      ['elsewhere', 'gateway', 'missing'],
      ['worse', 'gateway', 'missing'],
    ]
    await locations(
      id,
      (all) =>
        JSON.stringify(all.map(({ location, kind, state }) => [location, kind, state])) ===
        JSON.stringify(expected),
    )
    const { since, checked, nextCheck, history, ...rest } = await storage(id)
    expect(rest).toMatchObject({ dataset: id, cid, state: 'held', copies: 1, erasure: null })
    expect(history.map(({ type }) => type)).toEqual(['held'])
    expect(Date.parse(checked!)).toBeGreaterThan(Date.parse(since!))
    expect(Date.parse(nextCheck!)).toBeGreaterThan(Date.parse(checked!))
    const told = await cli.run(undefined, 'datasets', 'storage', id)
    expect(told.json).toMatchObject({ dataset: id, state: 'held' })
  })
})

describe('a file that the disk damaged', () => {
  it('is made whole from a second location, past one that lies and one that hangs', async () => {
    const { id, cids, sealed } = await contributed()
    blocks.copyTo(second.blocks, cids)
    await state(id, 'held')
    bad.conduct = 'lies'
    worse.conduct = 'hangs'
    blocks.remove(cids[0]!)
    blocks.corrupt(cids[1]!)
    blocks.remove(cids[2]!)
    await waitFor('the repair', async () => (await storage(id)).history[0]?.type === 'repaired')
    await checkedAgain(id)
    expect((await content(id)).equals(sealed)).toBe(true)
    const { history } = await storage(id)
    expect(history.find(({ type }) => type === 'repaired')).toMatchObject({ location: 'elsewhere' })
    expect(history.find(({ type }) => type === 'lied')).toMatchObject({
      location: 'bad',
      code: 'LOCATION_LIED',
    })
    await locations(id, (all) => {
      const codes = new Map(all.map(({ location, code }) => [location, code]))
      const told = [codes.get('bad'), codes.get('worse'), codes.get('elsewhere')]
      return told.join() === ['LOCATION_LIED', 'LOCATION_TIMEOUT', null].join()
    })
    bad.conduct = worse.conduct = 'absent'
  })

  it.each([
    ['fails', 'LOCATION_REFUSED'],
    ['floods', 'LOCATION_ANSWER_TOO_LARGE'],
    ['sends away', 'LOCATION_REDIRECTED'],
    ['breaks off', 'LOCATION_UNREACHABLE'],
  ] as const)('is not made whole by a location that %s; the owner sees why', async (conduct, code) => {
    const { id, cids, sealed } = await contributed()
    await state(id, 'held')
    worse.conduct = conduct
    const kept = new Map(cids.map((cid) => [cid, blocks.read(cid)]))
    // Whom the location sends to has the blocks: it is not followed there.
    blocks.copyTo(second.blocks, cids)
    for (const cid of cids) second.blocks.corrupt(cid)
    blocks.remove(cids[1]!)
    await state(id, 'missing')
    await waitFor(
      code,
      async () =>
        (await storage(id)).locations.some((copy) => copy.location === 'worse' && copy.code === code) ||
        (await storage(id)).history[0]?.code === code,
    )
    worse.conduct = 'absent'
    expect(kept.size).toBe(3)
    for (const cid of cids) second.blocks.corrupt(cid)
    await state(id, 'held')
    expect((await content(id)).equals(sealed)).toBe(true)
  })

  it('is lost while nobody has it, says so everywhere, and comes back when somebody does', async () => {
    const { id, cids, sealed } = await contributed()
    const copy = new BlockFolder(join(world.dir, 'aside'))
    blocks.copyTo(copy, cids)
    await state(id, 'held')
    for (const cid of cids) blocks.remove(cid)
    await state(id, 'lost')
    expect(refusal(await call(world, 'GET', `/v1/datasets/${id}/content`))).toBe('503 CONTENT_UNAVAILABLE')
    expect((await storage(id)).copies).toBe(0)
    // It is missing instead while a location that was asked again is slow.
    await waitFor('the command to say so', async () => {
      const { json } = await cli.run(undefined, 'datasets', 'storage', id)
      return json.history[0].type === 'lost'
    })
    // Each time it is looked for again it counts as being repaired for a moment.
    await waitFor('the gauge of lost files', async () =>
      /granary_storage_files\{state="lost"\} [1-9]/.test(await (await fetch(`${world.api}/metrics`)).text()),
    )
    copy.copyTo(second.blocks, cids)
    await state(id, 'held')
    expect((await content(id)).equals(sealed)).toBe(true)
    expect(await (await fetch(`${world.api}/metrics`)).text()).toMatch(/granary_storage_repairs_total [1-9]/)
  })

  it('is missing, not lost, while a location that may have it is away', async () => {
    const { id, cids, sealed } = await contributed()
    blocks.copyTo(second.blocks, cids)
    await state(id, 'held')
    await second.stop()
    for (const cid of cids) blocks.remove(cid)
    await state(id, 'missing')
    expect((await storage(id)).history[0]).toMatchObject({ type: 'missing', code: 'LOCATION_UNREACHABLE' })
    await second.start()
    await state(id, 'held')
    expect((await content(id)).equals(sealed)).toBe(true)
  })
})

describe('a document that the chain names', () => {
  it('is made again from its record when its block is gone', async () => {
    const { id } = await contributed()
    const { metadataCid } = (await call(world, 'GET', `/v1/datasets/${id}`)).body
    blocks.remove(metadataCid)
    await waitFor('the document', () => blocks.has(metadataCid))
    expect((await fetch(`${world.api}/ipfs/${metadataCid}?format=raw`)).status).toBe(200)
  })
})

describe('the document of a settlement, with its receipts', () => {
  it('is looked after like a file: what the disk lost of it comes back from a second location', async () => {
    const { id } = await contributed()
    const trent = await newTrainer(world)
    const wish = { pool, purposes: ['evaluation'], recipient: trent.recipient, datasets: [id] }
    const { request } = await trent.client.requests.open(wish)
    const { failed } = await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
    expect(failed).toEqual([])
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, request)) > 0n
    })
    const settlements = async () => (await call(world, 'GET', '/v1/settlements')).body.items
    await waitFor('the settlement in the tables', async () => (await settlements()).length > 0)
    const [cid] = documentCids((await settlements())[0].document)
    for (const where of [blocks, second.blocks]) await waitFor('the document', () => where.has(cid))
    blocks.corrupt(cid)
    const served = async () => (await fetch(`${world.api}/ipfs/${cid}?format=raw`)).status
    await waitFor('its repair', async () => (await served()) === 200)
    blocks.remove(cid)
    await waitFor('its repair', async () => (await served()) === 200)
    const metrics = await (await fetch(`${world.api}/metrics`)).text()
    expect(metrics).toMatch(/^granary_storage_repairs_total [1-9]/m)
  })
})

describe('the keeper', () => {
  it('leaves no half-written block behind', async () => {
    // One may be written just now.
    await waitFor('whole blocks alone', () => {
      const files = readdirSync(blocks.folder, { recursive: true, withFileTypes: true })
      return files.every((file) => !file.isFile() || file.name.endsWith('.data'))
    })
  })

  it('goes on after its process was killed', async () => {
    const { id, cids } = await contributed()
    blocks.copyTo(second.blocks, cids)
    for (const cid of cids) blocks.remove(cid)
    await world.kill('api')
    // It may have been found held before its blocks went.
    await waitFor('every block', async () => cids.every((cid) => blocks.has(cid)))
    await state(id, 'held')
  })
})
