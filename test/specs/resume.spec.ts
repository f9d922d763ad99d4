import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULT_UPLOAD_HOURS, type Hex } from '@granary/protocol'
import { parseIdentityFile } from '@granary/sealing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { type Actor, memorySink, newContributor } from '../support/actors.js'
import { commandLine, type Run } from '../support/command-line.js'
import { asSealed, beginUpload, call, refusal, sendBytes, signIn, tus } from '../support/rest.js'
import { sharedWorld, waitFor } from '../support/world.js'

// A contribution that was killed goes on with the sealed file that it had, where its upload was. What was sealed by
// halves, or from a file that has changed since, is sealed anew: no key ever seals a second plaintext.

const MB = 1_000_000
const MIB = 1024 ** 2
const world = sharedWorld()
const cli = commandLine(world)
const large = createCipheriv('aes-256-ctr', Buffer.alloc(32, 9), Buffer.alloc(16)).update(
  Buffer.alloc(100 * MB),
)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const spool = () => (existsSync(join(cli.home, 'spool')) ? readdirSync(join(cli.home, 'spool')) : [])
const file = () => cli.file('large.bin')

let pool: number
let alice: Actor
let token: string
let database: pg.Client

/** Each test has an owner of its own, so that each has uploads of its own. */
const newOwner = async () => {
  alice = await newContributor(world)
  token = await signIn(world, alice.wallet)
}
const args = () => ['contribute', file(), '--pool', String(pool), '--purposes', 'evaluation']
const contribute = () => cli.run(alice.wallet.privateKey, ...args())
const uploads = async () =>
  (await database.query('SELECT "id", "finished" FROM "Upload" WHERE "owner" = $1', [alice.address])).rows
const state = () => {
  const [name] = spool().filter((one) => one.endsWith('.json'))
  return name ? JSON.parse(readFileSync(join(cli.home, 'spool', name), 'utf8')) : undefined
}

beforeAll(async () => {
  pool = await world.createPool()
  writeFileSync(file(), large)
  database = new pg.Client(world.facts.databaseUrl)
  await database.connect()
  await newOwner()
})
afterEach(newOwner)
afterAll(async () => {
  await database.end()
  cli.remove()
})

/** Starts a contribution and kills it as soon as `reached` holds. */
async function kill(reached: () => boolean | Promise<boolean>): Promise<void> {
  const { child, ended } = cli.start(alice.wallet.privateKey, ...args())
  let over: Run | undefined
  void ended.then((run) => {
    over = run
  })
  while (!(await reached())) {
    if (over) throw new Error(`it was over before it could be stopped: ${over.stdout}${over.stderr}`)
    await sleep(1)
  }
  child.kill('SIGKILL')
  await ended
}

/** Bytes that the API has for good of the upload that the spool remembers. */
const received = async () => {
  const id = state()?.upload?.split('/').at(-1)
  const { rows } = await database.query('SELECT "offset" FROM "Upload" WHERE "id" = $1', [id])
  return Number(rows[0]?.offset ?? 0)
}

/** What the API has of the upload, once it has noticed that nobody sends any more. */
async function offset(): Promise<number> {
  let last = -1
  await waitFor('the offset to stand still', async () => {
    const path = new URL(state().upload).pathname
    const now = Number((await tus(world, 'HEAD', token, path)).headers.get('upload-offset'))
    const still = now === last
    last = now
    await sleep(300)
    return still
  })
  return last
}

/** What a contributed dataset opens to by its owner's key. */
async function opened(dataset: Hex): Promise<string> {
  const identity = readFileSync(join(cli.home, 'identities', `${alice.address}.txt`), 'utf8')
  const [own] = parseIdentityFile(identity)
  return (await alice.client.datasets.open(dataset, { identity: own!, sink: memorySink() })).sha256
}

describe('granary contribute, killed', () => {
  it('in the middle of the upload, goes on there and sends no byte twice', async () => {
    await kill(async () => (await received()) >= 10 * MB)
    const before = { ...state(), offset: await offset() }
    expect(before.offset).toBeGreaterThan(0)
    expect(before.offset).toBeLessThan(before.size)
    const run = await contribute()
    expect(run.code).toBe(0)
    const [dataset] = run.json.datasets
    // The same sealed file; from the byte that the API had asked for; in the one upload that there ever was.
    expect(dataset).toMatchObject({ cid: before.cid, resumedFrom: before.offset })
    expect(run.stderr).not.toContain('sealing')
    expect(await uploads()).toEqual([{ id: before.upload.split('/').at(-1), finished: true }])
    expect(await opened(dataset.id)).toBe(sha256(large))
    expect(spool()).toEqual([])
  })

  it('while it sealed, throws that away and seals anew under another key', async () => {
    for (let tries = 0; tries < 5; tries++) {
      await kill(() => spool().some((name) => name.endsWith('.age') && sizeOf(name) > 10 * MB))
      if (!state()) break
      // It had sealed it all before the signal came: once more.
      rmSync(join(cli.home, 'spool'), { recursive: true })
    }
    const [half] = spool().filter((name) => name.endsWith('.age'))
    const start = readFileSync(join(cli.home, 'spool', half!)).subarray(0, 600)
    const run = await contribute()
    const [dataset] = run.json.datasets
    expect(dataset.resumedFrom).toBe(0)
    const sealed = new Uint8Array(
      await (
        await fetch(`${world.api}/v1/datasets/${dataset.id}/content`, { headers: { range: 'bytes=0-599' } })
      ).arrayBuffer(),
    )
    expect(Buffer.from(sealed).equals(start)).toBe(false)
    expect(await opened(dataset.id)).toBe(sha256(large))
    expect(spool()).toEqual([])
  })

  it('and the file changed since: seals the new one under another key', async () => {
    await kill(async () => (await received()) >= 10 * MB)
    const before = state()
    const changed = Buffer.from(large)
    changed[0]! ^= 1
    writeFileSync(file(), changed)
    const later = new Date(Date.now() + 5_000)
    utimesSync(file(), later, later)
    const run = await contribute()
    const [dataset] = run.json.datasets
    expect(dataset.cid).not.toBe(before.cid)
    expect(dataset.resumedFrom).toBe(0)
    expect(await opened(dataset.id)).toBe(sha256(changed))
    expect(spool()).toEqual([])
    writeFileSync(file(), large)
  })

  it('and the upload expired since: begins the upload again, with the same sealed file', async () => {
    await kill(async () => (await received()) >= 10 * MB)
    const before = state()
    await database.query(`UPDATE "Upload" SET "expiresAt" = now() - interval '1 day' WHERE "owner" = $1`, [
      alice.address,
    ])
    const run = await contribute()
    expect(run.json.datasets[0]).toMatchObject({ cid: before.cid, resumedFrom: 0 })
    expect(spool()).toEqual([])
  })
})

describe('an upload that is not finished', () => {
  it('says until when it is kept, is unknown after that, and its bytes are gone', async () => {
    const { bytes, cid } = await asSealed(new Uint8Array(randomBytes(MIB + 1000)))
    const begun = await beginUpload(world, token, bytes.length, cid)
    const path = begun.headers.get('location') ?? ''
    const hours = (Date.parse(begun.headers.get('upload-expires') ?? '') - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(DEFAULT_UPLOAD_HOURS - 0.1)
    expect(hours).toBeLessThanOrEqual(DEFAULT_UPLOAD_HOURS)
    await sendBytes(world, token, path, 0, bytes.subarray(0, MIB + 10))
    const [{ id }] = await uploads()
    const [{ cid: leaf }] = (
      await database.query('SELECT "cid" FROM "UploadBlock" WHERE "upload" = $1', [id])
    ).rows
    expect((await call(world, 'GET', `/ipfs/${leaf}?format=raw`)).status).toBe(200)
    await database.query(`UPDATE "Upload" SET "expiresAt" = now() - interval '1 day' WHERE "id" = $1`, [id])
    expect((await tus(world, 'HEAD', token, path)).status).toBe(404)
    expect(refusal(await sendBytes(world, token, path, MIB + 10, bytes.subarray(MIB + 10)))).toBe(
      '404 UPLOAD_UNKNOWN',
    )
    const block = async () => (await call(world, 'GET', `/ipfs/${leaf}?format=raw`)).status
    // The API looks every half minute.
    await waitFor('its bytes to be gone', async () => (await block()) === 404)
    expect(await uploads()).toEqual([])
  })
})

function sizeOf(name: string): number {
  return statSync(join(cli.home, 'spool', name), { throwIfNoEntry: false })?.size ?? 0
}
