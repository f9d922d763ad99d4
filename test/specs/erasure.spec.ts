import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { contentToCid, datasetId, type Hex, signMessage } from '@granary/protocol'
import { CarReader } from '@ipld/car'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, newContributor, newStranger } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import {
  asSealed,
  beginUpload,
  call,
  contribution,
  refusal,
  settled,
  signIn,
  upload,
} from '../support/rest.js'
import { BlockFolder, secondApi } from '../support/second-locations.js'
import { sql } from '../support/tables.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// Withdraw and erase: the owner alone, after the withdrawal is on chain, everywhere that the operator controls, for good,
// and never a block that somebody else's file needs.

const MIB = 1 << 20
const PACE = {
  STORAGE_CHECK_INTERVAL_MS: '200',
  STORAGE_CHECK_PERIOD_SECONDS: '2',
  STORAGE_RETRY_SECONDS: '1',
  STORAGE_LOCATION_TIMEOUT_MS: '2000',
}

let world: OwnWorld
let second: Awaited<ReturnType<typeof secondApi>>
let blocks: BlockFolder
let alice: Actor
let mallory: Actor
let pool: number
let cli: CommandLine

beforeAll(async () => {
  second = await secondApi()
  const locations = `elsewhere=gateway+${second.url}`
  world = await startWorld({ args: ['--port', '0'], env: { ...PACE, STORAGE_LOCATIONS: locations } })
  second.join(world)
  await second.start()
  blocks = new BlockFolder(join(world.dir, 'ipfs'))
  alice = await newContributor(world)
  mallory = await newStranger(world)
  pool = await world.createPool()
  cli = commandLine(world)
}, 240_000)
afterAll(async () => {
  cli?.remove()
  await second?.remove()
  await world?.end()
})

const terms = () => ({ pool, purposes: ['evaluation'] as const, expires: null })
const gateway = (cid: string) => call(world, 'GET', `/ipfs/${cid}?format=raw`)
const storage = async (id: Hex) => (await call(world, 'GET', `/v1/datasets/${id}/storage`)).body
const erased = (id: Hex) =>
  waitFor(`the erasure of ${id}`, async () => (await storage(id)).erasure?.state === 'erased')

/** Waits until the keeper has come past twice, by a file that is still held. */
async function lookedTwice(id: Hex): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    const now = new Date().toISOString()
    await waitFor('the keeper', async () => ((await storage(id)).checked ?? '') > now)
  }
}

/** A dataset of two leaves and a root: their names, leaves last. */
async function contributed(owner = alice, size = MIB + 50_000) {
  const { id, cid } = await contributeBytes(owner, randomBytes(size), terms())
  const car = await fetch(`${world.api}/ipfs/${cid}?format=car`)
  const cids: string[] = []
  for await (const each of (await CarReader.fromBytes(new Uint8Array(await car.arrayBuffer()))).cids())
    cids.push(each.toString())
  return { id, cid, cids }
}

const sealedBytes = async (id: Hex) =>
  new Uint8Array(await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer())

describe('POST /v1/datasets/{id}/erasure refuses', () => {
  it('everybody but the owner, what is not withdrawn, and what is not there', async () => {
    const { id, cids } = await contributed()
    const path = `/v1/datasets/${id}/erasure`
    const token = await signIn(world, alice.wallet)
    const hers = await signIn(world, mallory.wallet)
    expect(refusal(await call(world, 'POST', path))).toBe('401 UNAUTHENTICATED')
    expect(refusal(await call(world, 'POST', path, { token: hers }))).toBe('403 NOT_OWNER')
    expect(refusal(await call(world, 'POST', path, { token }))).toBe('409 DATASET_NOT_WITHDRAWN')
    expect(refusal(await call(world, 'POST', `/v1/datasets/0x${'ab'.repeat(32)}/erasure`, { token }))).toBe(
      '404 DATASET_UNKNOWN',
    )
    await alice.client.datasets.withdraw(id)
    expect(refusal(await call(world, 'POST', path, { token: hers }))).toBe('403 NOT_OWNER')
    expect((await storage(id)).erasure).toBeNull()
    for (const cid of cids) expect(blocks.has(cid)).toBe(true)
  })

  it('without a yes on the command line', async () => {
    const { id } = await contributed()
    const { code, json, stderr } = await cli.run(
      alice.wallet.privateKey,
      'datasets',
      'withdraw',
      id,
      '--erase',
    )
    expect(code).not.toBe(0)
    expect(json?.error?.code ?? stderr).toContain('NOT_CONFIRMED')
    expect((await call(world, 'GET', `/v1/datasets/${id}`)).body.withdrawn).toBe(false)
  })
})

describe('withdraw and erase', () => {
  it('deletes every block and lets nothing bring it back', async () => {
    const other = await contributed()
    const { id, cid, cids } = await contributed()
    blocks.copyTo(second.blocks, cids)
    const bytes = await sealedBytes(id)
    const done = await cli.run(alice.wallet.privateKey, 'datasets', 'withdraw', id, '--erase', '--yes')
    expect(done.json).toMatchObject({ withdrawn: true, erasure: { dataset: id } })
    // From the moment it was asked for.
    expect(refusal(await gateway(cid))).toBe('410 CONTENT_ERASED')
    expect(refusal(await call(world, 'GET', `/v1/datasets/${id}/content`))).toBe('410 CONTENT_ERASED')
    await erased(id)
    for (const each of cids) {
      expect(blocks.has(each)).toBe(false)
      expect(refusal(await gateway(each))).toBe('410 CONTENT_ERASED')
    }
    const found = await storage(id)
    expect(found).toMatchObject({ state: 'erased', copies: expect.any(Number), nextCheck: null })
    expect(found.locations[0]).toMatchObject({ location: 'here', state: 'erased' })
    expect(found.history[0]).toMatchObject({ type: 'erased', location: 'here' })
    expect(Date.parse(found.erasure.finished)).toBeGreaterThanOrEqual(Date.parse(found.erasure.requested))

    // Neither by repair, from where it still lies, nor by sending it again.
    await lookedTwice(other.id)
    for (const each of cids) expect(blocks.has(each)).toBe(false)
    const token = await signIn(world, alice.wallet)
    expect(refusal(await beginUpload(world, token, bytes.length, cid))).toBe('410 CONTENT_ERASED')

    // Twice is once.
    const again = await call(world, 'POST', `/v1/datasets/${id}/erasure`, { token })
    expect(again).toMatchObject({ status: 202, body: found.erasure })
    expect((await storage(id)).history).toEqual(found.history)
    expect((await cli.run(alice.wallet.privateKey, 'datasets', 'erase', id, '--yes')).json).toEqual(
      found.erasure,
    )
  })

  it('keeps the blocks that another file has, and says how many', async () => {
    const hers = await contributed(alice, 2 * MIB + 10)
    const bob = await newContributor(world, 'Bob')
    const his = await contributed(bob, 2 * MIB)
    // A file of Bob's own with a part of Alice's ciphertext in it: that is public, and nobody can tell.
    const mixed = await asSealed(
      Buffer.concat([
        (await sealedBytes(his.id)).subarray(0, MIB),
        (await sealedBytes(hers.id)).subarray(MIB, 2 * MIB),
      ]),
    )
    const token = await signIn(world, bob.wallet)
    expect((await upload(world, token, mixed)).status).toBe(204)
    const body = await contribution(world, bob, mixed, pool)
    const { relay, id } = (await call(world, 'POST', '/v1/datasets', { token, body })).body
    expect((await settled(world, relay)).status).toBe('confirmed')
    await alice.client.datasets.withdraw(hers.id)
    await alice.client.datasets.erase(hers.id)
    await erased(hers.id)
    expect((await storage(hers.id)).erasure.sharedBlocks).toBe(1)
    expect(hers.cids.filter((cid) => blocks.has(cid))).toHaveLength(1)
    expect(Buffer.from(await sealedBytes(id)).equals(Buffer.from(mixed.bytes))).toBe(true)
    const shared = hers.cids.find((cid) => blocks.has(cid))!
    expect((await gateway(shared)).status).toBe(200)
    // The last one to have it takes it along.
    await bob.client.datasets.withdraw(id)
    await bob.client.datasets.erase(id)
    await erased(id)
    expect(blocks.has(shared)).toBe(false)
  })

  it('keeps a file that somebody else has a dataset of, and says so, until that one goes, too', async () => {
    const { id, cid, cids } = await contributed()
    const { content, rawRoot } = (await call(world, 'GET', `/v1/datasets/${id}`)).body
    expect(contentToCid(content, rawRoot)).toBe(cid)
    // Past the API, which would refuse a file that is not sealed for its owner.
    const { contribution: message } = await contribution(world, mallory, { content, rawRoot }, pool)
    const typed = { ...message, deadline: BigInt(message.deadline) }
    const signature = await signMessage(mallory.wallet, 'Contribution', typed as never, world.deployment)
    await world.councilSends('datasetRegistry', 'contribute', [typed], [signature])
    await waitFor('the other dataset', async () => {
      const { items } = (await call(world, 'GET', `/v1/datasets?owner=${mallory.address}`)).body
      return items.length === 1
    })
    const other = (await call(world, 'GET', `/v1/datasets?owner=${mallory.address}`)).body.items[0].id as Hex
    await mallory.client.datasets.withdraw(other)
    expect((await mallory.client.datasets.erase(other)).state).toBe('kept')
    await lookedTwice(id)
    for (const each of cids) expect(blocks.has(each)).toBe(true)
    expect((await call(world, 'GET', `/v1/datasets/${id}/content`)).status).toBe(200)
    expect((await storage(other)).history[0].type).toBe('kept')
    await alice.client.datasets.withdraw(id)
    await alice.client.datasets.erase(id)
    await erased(id)
    await erased(other)
    for (const each of cids) expect(blocks.has(each)).toBe(false)
  })

  it('believes the chain, not a table that lost somebody else’s dataset', async () => {
    const { id, cids } = await contributed()
    const { content, rawRoot } = (await call(world, 'GET', `/v1/datasets/${id}`)).body
    const { contribution: message } = await contribution(world, mallory, { content, rawRoot }, pool)
    const typed = { ...message, deadline: BigInt(message.deadline) }
    const signature = await signMessage(mallory.wallet, 'Contribution', typed as never, world.deployment)
    await world.councilSends('datasetRegistry', 'contribute', [typed], [signature])
    const other = datasetId(mallory.address, content)
    await waitFor(
      'the other dataset',
      async () => (await call(world, 'GET', `/v1/datasets/${other}`)).status === 200,
    )
    await sql(world.facts.databaseUrl, `DELETE FROM "Dataset" WHERE "id" = '${other}'`)
    await alice.client.datasets.withdraw(id)
    expect((await alice.client.datasets.erase(id)).state).toBe('kept')
    for (const each of cids) expect(blocks.has(each)).toBe(true)
    expect((await call(world, 'GET', `/v1/datasets/${id}/content`)).status).toBe(200)
  })

  it('goes on after the API was killed in the midst of it', async () => {
    const many = []
    for (let i = 0; i < 6; i += 1) many.push(await contributed())
    for (const { id } of many) await alice.client.datasets.withdraw(id)
    await Promise.all(many.map(({ id }) => alice.client.datasets.erase(id)))
    await world.kill('api')
    for (const { id } of many) await erased(id)
    for (const { cids } of many) for (const each of cids) expect(blocks.has(each)).toBe(false)
  })
})
