import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex, StorageResource } from '@granary/protocol'
import { CarReader } from '@ipld/car'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { spentOf } from '../support/releases.js'
import { beginUpload, call, refusal, signIn } from '../support/rest.js'
import { BlockFolder, secondApi } from '../support/second-locations.js'
import { sql } from '../support/tables.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// What was erased is erased for those who paid for it before, too, and stays erased when the database is lost, wherever
// else the file still lies.

const MIB = 1 << 20
/** The network's first one: its terms are on IPFS. */
const POOL = 1
const PRICE = parseEther('1')
const PACE = {
  STORAGE_CHECK_INTERVAL_MS: '200',
  STORAGE_CHECK_PERIOD_SECONDS: '2',
  STORAGE_RETRY_SECONDS: '1',
  STORAGE_LOCATION_TIMEOUT_MS: '2000',
}

interface Kept {
  id: Hex
  cid: string
  cids: string[]
  size: number
}

let second: Awaited<ReturnType<typeof secondApi>>
let world: OwnWorld
let blocks: BlockFolder
let alice: Actor
let trent: Actor
let cli: CommandLine
let paid: Hex
/** Withdrawn and erased before it was released; left alone. */
let taken: Kept
let kept: Kept

const storage = async (id: Hex): Promise<StorageResource> =>
  (await call(world, 'GET', `/v1/datasets/${id}/storage`)).body
const content = (id: Hex) => call(world, 'GET', `/v1/datasets/${id}/content`)
const erased = (id: Hex) =>
  waitFor(`the erasure of ${id}`, async () => (await storage(id)).erasure?.state === 'erased')

/** A dataset of two leaves and a root, all of whose blocks lie at the second location, too. */
async function contributed(): Promise<Kept> {
  const terms = { pool: POOL, purposes: ['evaluation'] as const, expires: null }
  const { id, cid } = await contributeBytes(alice, randomBytes(MIB + 50_000), terms)
  const car = await fetch(`${world.api}/ipfs/${cid}?format=car`)
  const cids: string[] = []
  for await (const each of (await CarReader.fromBytes(new Uint8Array(await car.arrayBuffer()))).cids())
    cids.push(each.toString())
  blocks.copyTo(second.blocks, cids)
  const size = (await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer()).byteLength
  return { id, cid, cids, size }
}

async function withdrawAndErase({ id }: Kept): Promise<void> {
  await alice.client.datasets.withdraw(id)
  await alice.client.datasets.erase(id)
  await erased(id)
}

beforeAll(async () => {
  second = await secondApi()
  const env = { ...PACE, STORAGE_LOCATIONS: `elsewhere=gateway+${second.url}` }
  world = await startWorld({ args: ['--port', '0'], env })
  second.join(world)
  await second.start()
  blocks = new BlockFolder(join(world.dir, 'ipfs'))
  alice = await newContributor(world)
  trent = await newTrainer(world)
  cli = commandLine(world)
  writeFileSync(cli.file('trainer.txt'), `${trent.identity}\n`)
  ;[taken, kept] = [await contributed(), await contributed()]
  const datasets = [taken.id, kept.id].sort()
  const wish = { pool: POOL, purposes: ['evaluation'] as const, recipient: trent.recipient, datasets }
  paid = (await trent.client.requests.open(wish)).request
}, 240_000)
afterAll(async () => {
  cli?.remove()
  await second?.remove()
  await world?.end()
})

const fetchOne = ({ id }: Kept) => {
  const files = ['--out', cli.file('out'), '--identity', cli.file('trainer.txt')]
  return cli.run(trent.wallet.privateKey, 'fetch', paid, ...files, '--datasets', id)
}

describe('a request that was paid before the erasure', () => {
  it('is not served any more: custodians refuse, and its trainer hears why and what becomes of the money', async () => {
    await withdrawAndErase(taken)
    expect(refusal(await content(taken.id))).toBe('410 CONTENT_ERASED')
    for (const cid of taken.cids)
      expect(refusal(await call(world, 'GET', `/ipfs/${cid}?format=raw`))).toBe('410 CONTENT_ERASED')
    const { code, json } = await fetchOne(taken)
    const { expires, refundableAt } = await trent.client.requests.get(paid)
    expect(json).toMatchObject({
      files: [],
      failed: [{ dataset: taken.id, code: 'CONSENT_WITHDRAWN', erasure: { state: 'erased' } }],
      error: { code: 'CONSENT_WITHDRAWN' },
      money: { expires, refundableAt },
    })
    expect(json.money.text).toMatch(/never released to you is not charged.*granary requests refund 0x/)
    expect(code).toBe(1)
  })

  it('is served with what is left of it', async () => {
    const { code, json } = await fetchOne(kept)
    expect([code, json.failed, json.money]).toEqual([0, [], undefined])
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, paid)) === PRICE
    })
  })
})

describe('what was erased stays erased', () => {
  /** Once the keeper has looked after everything twice since. */
  async function isGone({ id, cid, cids, size }: Kept): Promise<void> {
    await erased(id)
    for (let i = 0; i < 2; i += 1) {
      const now = new Date().toISOString()
      await waitFor('the keeper', async () => ((await storage(kept.id)).checked ?? '') > now)
    }
    for (const each of cids) {
      expect(blocks.has(each)).toBe(false)
      expect(refusal(await call(world, 'GET', `/ipfs/${each}?format=raw`))).toBe('410 CONTENT_ERASED')
    }
    expect(refusal(await content(id))).toBe('410 CONTENT_ERASED')
    const token = await signIn(world, alice.wallet)
    expect(refusal(await beginUpload(world, token, size, cid))).toBe('410 CONTENT_ERASED')
    expect((await storage(id)).state).toBe('erased')
  }
  const reindex = (...words: string[]) => cli.run(undefined, 'reindex', '--data', world.dir, ...words)
  const database = () => world.facts.databaseUrl
  async function emptyDatabase(): Promise<void> {
    await world.stop('api')
    await sql(database(), 'DROP SCHEMA public CASCADE')
    await sql(database(), 'CREATE SCHEMA public')
  }
  const served = () => waitFor('the file that is left', async () => (await content(kept.id)).status === 200)

  it('through a reindex beside the running API', async () => {
    const before = (await storage(taken.id)).erasure
    const { code, json } = await reindex()
    expect([code, json.recalledErasures, json.erased]).toEqual([0, 0, 1])
    expect((await storage(taken.id)).erasure).toEqual(before)
    await isGone(taken)
  })

  it('when tables are built from nothing, though a second location still has the file', async () => {
    const asked = (await storage(taken.id)).erasure?.requested
    await emptyDatabase()
    const { code, json } = await reindex()
    await world.startStopped()
    expect([code, json.error, json.recalledErasures, json.erased]).toEqual([0, undefined, 1, 1])
    await served()
    await isGone(taken)
    expect((await storage(taken.id)).erasure?.requested).toBe(asked)
  }, 240_000)

  it('when the API itself starts on an empty database', async () => {
    await emptyDatabase()
    await world.startStopped()
    await served()
    await isGone(taken)
  }, 240_000)

  it('when the database comes from a backup that knew of no erasure, with its blocks', async () => {
    await world.stop('api')
    for (const table of ['Erasure', 'ErasedBlock']) await sql(database(), `DELETE FROM "${table}"`)
    await sql(
      database(),
      `UPDATE "StoredFile" SET "state" = 'held', "dueAt" = now() at time zone 'utc' WHERE "cid" = '${taken.cid}'`,
    )
    await sql(
      database(),
      `INSERT INTO "Content" ("content", "cid", "rawRoot", "size", "contributed")
      SELECT "content", '${taken.cid}', "rawRoot", ${taken.size}, true FROM "Dataset" WHERE "id" = '${taken.id}'`,
    )
    second.blocks.copyTo(blocks, taken.cids.slice(1))
    await world.startStopped()
    await served()
    await isGone(taken)
  })
})

describe('the money of a request of which something was erased', () => {
  it('comes back but for what was released', async () => {
    const { refundableAt } = await trent.client.requests.get(paid)
    const { timestamp } = (await world.provider.getBlock('latest'))!
    const seconds = Math.ceil(Date.parse(refundableAt) / 1000) - timestamp + 1
    await world.provider.send('evm_increaseTime', [seconds])
    await world.provider.send('evm_mine', [])
    await waitFor('the refund', async () => {
      await trent.client.requests.refund(paid).catch(() => {})
      return (await trent.client.requests.get(paid)).status === 'refunded'
    })
    expect(await trent.client.requests.get(paid)).toMatchObject({
      spent: String(PRICE),
      refunded: String(PRICE),
    })
  })
})
