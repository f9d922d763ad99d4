import { createCipheriv, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { type Actor, newContributor } from '../support/actors.js'
import { commandLine, type Run } from '../support/command-line.js'
import { freePort } from '../support/custody.js'
import { type FlakyProxy, flakyProxy } from '../support/flaky-proxy.js'
import { type Replica, startReplica } from '../support/replica.js'
import { asSealed, beginUpload, refusal, sendBytes, signIn, tus } from '../support/rest.js'
import { sharedWorld, waitFor } from '../support/world.js'

// An upload survives a network that breaks and replicas that die, and what was stored is not sent again.

const MIB = 1024 ** 2
/** What one request may have sent without its being stored yet. */
const UNDER_WAY = 20 * MIB
const world = sharedWorld()
const large = createCipheriv('aes-256-ctr', randomBytes(32), Buffer.alloc(16)).update(Buffer.alloc(48 * MIB))
let pool: number
let alice: Actor
let database: pg.Client
const stop: (() => Promise<unknown> | unknown)[] = []

beforeAll(async () => {
  pool = await world.createPool()
  alice = await newContributor(world)
  database = new pg.Client(world.facts.databaseUrl)
  await database.connect()
  stop.push(() => database.end())
})
afterAll(async () => {
  for (const end of stop.reverse()) await end()
})

const content = async (id: string) =>
  Buffer.from(await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer())

/** A replica that is known by the proxy's address. */
async function behind(proxy: FlakyProxy): Promise<{ url: string; stop: Replica['stop'] }> {
  const port = await freePort()
  const replica = await startReplica(world, { PUBLIC_URL: proxy.url, PORT: String(port) })
  stop.push(() => replica.stop())
  return { url: `http://127.0.0.1:${port}`, stop: replica.stop }
}

/** Contributes the large file through a proxy, as whose URL the replicas behind it are known. */
async function contribute(proxy: FlakyProxy) {
  const cli = commandLine({ api: proxy.url })
  stop.push(cli.remove)
  writeFileSync(cli.file('large.bin'), large)
  const pools = ['--pool', `${pool}`, '--purposes', 'evaluation']
  const run = cli.start(alice.wallet.privateKey, 'contribute', cli.file('large.bin'), ...pools)
  stop.push(() => run.child.kill())
  return run
}

/** How far the one upload of Alice that is not finished has come. */
const offset = async () => {
  const { rows } = await database.query(
    'SELECT "offset" FROM "Upload" WHERE "owner" = $1 AND NOT "finished"',
    [alice.address],
  )
  return Number(rows[0]?.offset ?? 0)
}

/** The dataset of a run, whose bytes are those that its name says. */
async function expectIdentical(run: Run): Promise<number> {
  if (run.code !== 0) throw new Error(run.stdout + run.stderr)
  const [{ id, cid }] = run.json.datasets
  const bytes = await content(id)
  expect((await asSealed(new Uint8Array(bytes))).cid).toBe(cid)
  expect(bytes.length).toBeGreaterThan(large.length)
  return bytes.length
}

describe('a contribution by the command line', () => {
  it('is taken on by another replica when one after the other is killed, and little is sent twice', async () => {
    const proxy = await flakyProxy(7, Number.POSITIVE_INFINITY)
    stop.push(proxy.close)
    const replicas = await Promise.all([1, 2, 3].map(() => behind(proxy)))
    proxy.retarget(replicas[0]!.url)
    const { ended } = await contribute(proxy)
    for (const [i, part] of [20 * MIB, 44 * MIB].entries()) {
      await proxy.reached(part)
      await waitFor('some of it to be stored', async () => (await offset()) > 0)
      await replicas[i]!.stop('SIGKILL')
      proxy.retarget(replicas[i + 1]!.url)
    }
    const size = await expectIdentical(await ended)
    // Each death costs what was under way: leaves that were not stored yet, and what the sockets held.
    expect(proxy.sent()).toBeLessThan(size + 2 * UNDER_WAY)
  })

  // Seeds that break a file of this size three times or more, whichever of its connections it is sent on.
  it.each([7, 13])(
    'gets through a network that drops connections (seed %i), and sends little twice',
    async (seed) => {
      const proxy = await flakyProxy(seed, 12 * MIB)
      stop.push(proxy.close)
      proxy.retarget((await behind(proxy)).url)
      const { ended } = await contribute(proxy)
      const size = await expectIdentical(await ended)
      expect(proxy.broken()).toBeGreaterThan(2)
      expect(proxy.sent()).toBeLessThan(size + proxy.broken() * UNDER_WAY)
    },
  )
})

describe('requests that send to one upload', () => {
  it('at once never spoil it: the newer one ends the older', async () => {
    const token = await signIn(world, alice.wallet)
    const other = await startReplica(world)
    stop.push(() => other.stop())
    const there = other.world
    const sealed = await asSealed(new Uint8Array(randomBytes(5 * MIB + 77)))
    const size = sealed.bytes.length
    const path = (await beginUpload(world, token, size, sealed.cid)).headers.get('location')!
    // A client that has gone silent in the middle of its request still holds the upload.
    const silent = new AbortController()
    const hanging = fetch(`${world.api}${path}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${token}`,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      },
      body: new ReadableStream({
        start: (controller) => controller.enqueue(sealed.bytes.subarray(0, 2 * MIB + 9)),
      }),
      duplex: 'half',
      signal: silent.signal,
    } as RequestInit).catch(() => {})
    // The last nine bytes come with the leaf before them.
    const id = path.split('/').at(-1)
    await waitFor('what was sent to be there', async () => {
      const { rows } = await database.query('SELECT "offset" FROM "Upload" WHERE "id" = $1', [id])
      return Number(rows[0]?.offset) === 2 * MIB
    })
    const started = Date.now()
    const at = Number((await tus(there, 'HEAD', token, path)).headers.get('upload-offset'))
    // Who is not stopped is waited for half a minute.
    expect(Date.now() - started).toBeLessThan(20_000)
    expect(at).toBe(2 * MIB + 9)
    silent.abort()
    await hanging
    const rest = sealed.bytes.subarray(at)
    const both = await Promise.all([
      sendBytes(world, token, path, at, rest).catch(() => null),
      sendBytes(there, token, path, at, rest).catch(() => null),
    ])
    const told = both.map((answer) => answer && (answer.status === 204 ? '204' : refusal(answer)))
    for (const one of told)
      expect([null, '204', '409 UPLOAD_OFFSET_WRONG', '423 UPLOAD_BUSY', '413 UPLOAD_TOO_LARGE']).toContain(
        one,
      )
    for (let now = 0; now < size; ) {
      now = Number((await tus(world, 'HEAD', token, path)).headers.get('upload-offset'))
      if (now < size) await sendBytes(world, token, path, now, sealed.bytes.subarray(now))
    }
    expect((await fetch(`${world.api}/ipfs/${sealed.cid}?format=raw`)).status).toBe(200)
  })
})
