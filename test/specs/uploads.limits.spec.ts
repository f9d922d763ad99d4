import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasetId } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { contributeBytes, newContributor, newStranger } from '../support/actors.js'
import { type Replica, startReplica } from '../support/replica.js'
import {
  asSealed,
  beginUpload,
  call,
  contribution,
  refusal,
  sealText,
  sendBytes,
  settled,
  signIn,
  tus,
  upload,
} from '../support/rest.js'
import { sharedWorld, waitFor } from '../support/world.js'

// What an installation stores has an end: in all, and where its disk ends. Each is an answer, and nothing is lost.

const MIB = 1024 ** 2
const world = sharedWorld()
const some = (size: number) => asSealed(new Uint8Array(randomBytes(size)))
let database: pg.Client
let token: string
const stop: (() => Promise<unknown> | unknown)[] = []

beforeAll(async () => {
  database = new pg.Client(world.facts.databaseUrl)
  await database.connect()
  stop.push(() => database.end())
  token = await signIn(world, (await newStranger(world)).wallet)
})
afterAll(async () => {
  for (const end of stop.reverse()) await end()
})

describe('the quota of an account', () => {
  it('holds to the byte when uploads begin at once, whoever else has room', async () => {
    const replica = await startReplica(world, { UPLOAD_QUOTA_BYTES: '3000' })
    stop.push(() => replica.stop())
    const hers = await signIn(world, (await newStranger(world)).wallet)
    const sealed = await some(1000)
    const begin = (size: number) => beginUpload(replica.world, hers, size, sealed.cid)
    expect(refusal(await begin(3001))).toBe('413 QUOTA_EXCEEDED')
    const begun = await Promise.all(Array.from({ length: 6 }, () => begin(1000)))
    const answers = begun.map((answer) => (answer.status === 201 ? '201' : refusal(answer))).sort()
    expect(answers).toEqual([...Array(3).fill('201'), ...Array(3).fill('413 QUOTA_EXCEEDED')])
    // A file that is here and not contributed counts as the upload did that it came of.
    const [first, second] = begun.filter(({ status }) => status === 201)
    const done = await sendBytes(replica.world, hers, first!.headers.get('location')!, 0, sealed.bytes)
    expect(done.status).toBe(204)
    expect(refusal(await begin(1))).toBe('413 QUOTA_EXCEEDED')
    await tus(replica.world, 'DELETE', hers, second!.headers.get('location')!)
    expect(refusal(await begin(1001))).toBe('413 QUOTA_EXCEEDED')
    expect((await begin(1000)).status).toBe(201)
    expect((await beginUpload(replica.world, token, 1000, sealed.cid)).status).toBe(201)
  })
})

describe('the quota of an installation', () => {
  it('holds when uploads begin at once, to the byte, and is free again when they end', async () => {
    const stored = async () =>
      Number((await database.query(`SELECT "bytes" FROM "Tally" WHERE "name" = 'storage'`)).rows[0].bytes)
    const startWithRoom = async (bytes: number): Promise<Replica> => {
      const before = await stored()
      const started = await startReplica(world, { STORAGE_QUOTA_BYTES: String(before + bytes) })
      stop.push(() => started.stop())
      return (await stored()) === before ? started : startWithRoom(bytes)
    }
    // What other specs left is swept meanwhile.
    const replica = await startWithRoom(3000)
    const { cid } = await some(1000)
    const begun = await Promise.all(
      Array.from({ length: 8 }, () => beginUpload(replica.world, token, 1000, cid)),
    )
    const answers = begun.map((answer) => (answer.status === 201 ? '201' : refusal(answer)))
    expect(answers.filter((answer) => answer === '201')).toHaveLength(3)
    expect(answers.filter((answer) => answer === '507 STORAGE_QUOTA_EXCEEDED')).toHaveLength(5)
    const [first] = begun.filter(({ status }) => status === 201)
    await tus(replica.world, 'DELETE', token, first!.headers.get('location')!)
    expect(refusal(await beginUpload(replica.world, token, 1001, cid))).toBe('507 STORAGE_QUOTA_EXCEEDED')
    expect((await beginUpload(replica.world, token, 1000, cid)).status).toBe(201)
  })
})

describe('what is swept', () => {
  const LONG_AGO = "now() at time zone 'utc' - interval '1000 hours'"
  const isHere = async ({ cid }: { cid: string }) =>
    (await call(world, 'GET', `/ipfs/${cid}?format=raw`)).status === 200
  /** As the tables were before it was written down of which files there was a dataset. */
  const age = (contents: string[]) =>
    database.query(
      `UPDATE "Content" SET "wantedAt" = ${LONG_AGO}, "contributed" = false WHERE "content" = ANY($1)`,
      [contents],
    )
  const known = async (content: string) =>
    (await database.query('SELECT "contributed" FROM "Content" WHERE "content" = $1', [content])).rows[0]

  it('is what expired and what nobody contributed, and never a contributed file', async () => {
    const alice = await newContributor(world)
    const hers = await signIn(world, alice.wallet)
    const pool = await world.createPool()
    const contribute = async (uploader = hers) => {
      const sealed = await sealText(alice, randomBytes(16).toString('hex'))
      expect((await upload(world, uploader, sealed)).status).toBe(204)
      const body = await contribution(world, alice, sealed, pool)
      const { relay } = (await call(world, 'POST', '/v1/datasets', { token: hers, body })).body
      expect((await settled(world, relay)).status).toBe('confirmed')
      const dataset = datasetId(alice.address, sealed.content)
      await waitFor(
        'the dataset',
        async () => (await call(world, 'GET', `/v1/datasets/${dataset}`)).status === 200,
      )
      return { ...sealed, dataset }
    }
    // Somebody else brought what she contributed in the end.
    const [kept, hidden, lent, vanished, fresh, old, half] = [
      await contribute(),
      await contribute(),
      await contribute(token),
      await contribute(token),
      await some(1000),
      await some(1000),
      await some(2 * MIB),
    ]
    for (const one of [fresh, old]) expect((await upload(world, hers, one)).status).toBe(204)
    const location = (await beginUpload(world, hers, half.bytes.length, half.cid)).headers.get('location')!
    const leaf = await asSealed(half.bytes.subarray(0, MIB))
    await sendBytes(world, hers, location, 0, half.bytes.subarray(0, MIB + 5))
    expect(await isHere(leaf)).toBe(true)

    // A table that is damaged says nothing of a dataset; the chain does.
    const rename = 'UPDATE "Dataset" SET "content" = $2 WHERE "id" = $1'
    for (const { dataset } of [hidden, lent])
      await database.query(rename, [dataset, `0x${randomBytes(32).toString('hex')}`])
    // Of a file that somebody else brought, all that ever named its owner is gone from the tables.
    const lost: [string, unknown[]][] = []
    for (const [table, which] of [
      ['Dataset', `"id" = $1`],
      ['ChainEvent', `"dataset" = $1`],
      ['Relay', `"payload" ->> 'dataset' = $1 OR "payload" #>> '{message,content}' = $2`],
    ] as const) {
      const values = table === 'Relay' ? [vanished.dataset, vanished.content] : [vanished.dataset]
      const text = `DELETE FROM "${table}" t WHERE ${which} RETURNING to_jsonb(t) AS row`
      lost.push([table, (await database.query(text, values)).rows.map(({ row }) => row)])
    }
    expect(lost.map(([, rows]) => rows.length)).toEqual([1, 1, 1])
    try {
      await age([kept.content, hidden.content, lent.content, vanished.content, old.content])
      await database.query(`UPDATE "Upload" SET "expiresAt" = ${LONG_AGO} WHERE "id" = $1`, [
        location.split('/').pop(),
      ])
      expect(refusal(await sendBytes(world, hers, location, MIB + 5, half.bytes.subarray(MIB + 5)))).toBe(
        '404 UPLOAD_UNKNOWN',
      )
      const replica = await startReplica(world)
      stop.push(() => replica.stop())
      await waitFor('the end of the upload', async () => !(await isHere(leaf)))
      await waitFor('the end of the file', async () => !(await known(old.content)) && !(await isHere(old)))
      for (const { content } of [hidden, lent, vanished])
        await waitFor('the marks', async () => (await known(content))?.contributed === true)
    } finally {
      for (const { dataset, content } of [hidden, lent]) await database.query(rename, [dataset, content])
      for (const [table, rows] of lost)
        await database.query(
          `INSERT INTO "${table}" SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1) ON CONFLICT DO NOTHING`,
          [JSON.stringify(rows)],
        )
    }
    expect(await known(kept.content)).toEqual({ contributed: true })
    expect(await known(fresh.content)).toEqual({ contributed: false })
    for (const one of [kept, hidden, lent, vanished, fresh]) expect(await isHere(one)).toBe(true)
    expect(await isHere(old)).toBe(false)
  })
})

describe('a file whose owner has it erased', () => {
  it('cannot come back by an upload that began before', async () => {
    const alice = await newContributor(world)
    const hers = await signIn(world, alice.wallet)
    const pool = await world.createPool()
    const { id, cid } = await contributeBytes(alice, randomBytes(MIB + 9), {
      pool,
      purposes: ['evaluation'],
      expires: null,
    })
    const bytes = new Uint8Array(await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer())
    const location = (await beginUpload(world, hers, bytes.length, cid)).headers.get('location')!
    expect((await sendBytes(world, hers, location, 0, bytes.subarray(0, MIB + 5))).status).toBe(204)
    await alice.client.datasets.withdraw(id)
    await waitFor(
      'the withdrawal',
      async () => (await call(world, 'GET', `/v1/datasets/${id}`)).body.withdrawn,
    )
    expect((await call(world, 'POST', `/v1/datasets/${id}/erasure`, { token: hers })).status).toBe(202)
    expect(refusal(await sendBytes(world, hers, location, MIB + 5, bytes.subarray(MIB + 5)))).toBe(
      '410 CONTENT_ERASED',
    )
    expect((await tus(world, 'HEAD', hers, location)).status).toBe(404)
    expect(refusal(await call(world, 'GET', `/ipfs/${cid}?format=raw`))).toBe('410 CONTENT_ERASED')
  })
})

// A disk that becomes full is one of its own: a file system in memory, which root alone may mount.
const DISK_BYTES = 64 * MIB
const folder = mkdtempSync(join(tmpdir(), 'granary-full-'))
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder]).status === 0
stop.push(() => {
  if (mounted) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
})

describe('a disk', () => {
  it('without room for it refuses an upload before its first byte', async () => {
    const { bavail, bsize } = statfsSync(world.facts.dataDir)
    const replica = await startReplica(world, { STORAGE_RESERVE_BYTES: String(bavail * bsize * 2) })
    stop.push(() => replica.stop())
    const { cid } = await some(10)
    expect(refusal(await beginUpload(replica.world, token, 10, cid))).toBe('507 STORE_FULL')
  })

  const title = 'that becomes full is an answer; the upload goes on once there is room'
  if (!mounted)
    it(`${title}: not looked at, since that needs root, who may mount a small one`, () => {
      expect(process.env.GRANARY_REQUIRE_SERVICES).not.toBe('1')
    })
  else
    it(title, async () => {
      const replica = await startReplica(world, {
        BLOCKSTORE: 'embedded',
        BLOCKSTORE_DIR: join(folder, 'ipfs'),
        STORAGE_RESERVE_BYTES: '0',
      })
      stop.push(() => replica.stop())
      // Other specs have announced uploads to the same database and not sent all of them: room for these, too.
      const { rows } = await database.query(
        `SELECT coalesce(sum("size" - "offset"), 0)::text AS bytes FROM "Upload" WHERE NOT "finished"`,
      )
      const size = DISK_BYTES + Number(rows[0].bytes)
      expect(spawnSync('mount', ['-o', `remount,size=${size}`, folder]).status).toBe(0)
      const sealed = await some(6 * MIB + 5)
      const begun = await beginUpload(replica.world, token, sealed.bytes.length, sealed.cid)
      expect(refusal(begun)).toBe('201 undefined')
      const location = begun.headers.get('location')!
      const { bavail, bsize } = statfsSync(folder)
      spawnSync('fallocate', ['-l', String(bavail * bsize - 4 * MIB), join(folder, 'other')])
      expect(refusal(await sendBytes(replica.world, token, location, 0, sealed.bytes))).toBe('507 STORE_FULL')
      const offset = Number((await tus(replica.world, 'HEAD', token, location)).headers.get('upload-offset'))
      expect(offset).toBeLessThanOrEqual(4 * MIB)
      expect((await call(replica.world, 'GET', '/v1/pools')).status).toBe(200)
      rmSync(join(folder, 'other'))
      const rest = await sendBytes(replica.world, token, location, offset, sealed.bytes.subarray(offset))
      expect(rest.status).toBe(204)
      expect((await call(replica.world, 'GET', `/ipfs/${sealed.cid}?format=raw`)).status).toBe(200)
      expect((await upload(replica.world, token, await some(100))).status).toBe(204)
    })
})
