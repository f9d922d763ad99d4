import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEVELOPMENT_ACCOUNTS, type Hex, messageSchema } from '@granary/protocol'
import { createClient } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther, Wallet } from 'ethers'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { spentOf } from '../support/releases.js'
import { call, contribution, signIn } from '../support/rest.js'
import { testServices } from '../support/services.js'
import { dumpTables, sql } from '../support/tables.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// The database is a cache: what it says of chain and IPFS is built again from these two alone, and is the same.

const CLAIM_DELAY = 20
const PRICE = parseEther('1')
const POOL = 1
const CUSTODIANS = ['custodian1', 'custodian2', 'custodian3'] as const

let services: Awaited<ReturnType<typeof testServices>>
let dir: string
let world: OwnWorld
let cli: CommandLine
let alice: Actor
let anna: Actor
let trent: Actor
let token: string
let used: Hex
let before: Record<string, unknown[]>

const database = () => world.facts.databaseUrl
const reindex = (...words: string[]) => cli.run(undefined, 'reindex', '--data', world.dir, ...words)
const settlements = async () => (await call(world, 'GET', '/v1/settlements')).body.items
const give = (owner: Actor, text: string, ask = false) =>
  contributeBytes(owner, new TextEncoder().encode(text), {
    pool: POOL,
    purposes: ['evaluation'],
    expires: null,
    ask,
  })

async function passTime(seconds: number): Promise<void> {
  await world.provider.send('evm_increaseTime', [seconds])
  await world.provider.send('evm_mine', [])
}

/** What the API copies to its database only when somebody asks for it. */
async function readEverything(): Promise<void> {
  const paths = ['pools', 'datasets', 'trainers', 'access-requests', 'settlements', 'proposals']
  for (const path of paths) await call(world, 'GET', `/v1/${path}`)
  for await (const { id } of trent.client.requests.list({ trainer: trent.address }))
    await call(world, 'GET', `/v1/access-requests/${id}/manifest`)
}

/** What was stopped comes back, less the custodians. */
async function startApi(): Promise<void> {
  await world.startStopped()
  for (const name of CUSTODIANS) await world.stop(name)
}

beforeAll(async () => {
  services = await testServices()
  dir = join(mkdtempSync(join(tmpdir(), 'granary-reindex-')), 'data')
  world = await startWorld({
    dir,
    args: ['--port', '0', '--claim-delay', String(CLAIM_DELAY), ...services.args],
  })
  cli = commandLine(world)
  ;[alice, anna] = [await newContributor(world, 'Alice'), await newContributor(world, 'Anna')]
  trent = await newTrainer(world, { tokens: PRICE * 9n })
  token = await signIn(world, alice.wallet)

  used = (await give(alice, 'one')).id
  const [asked, changed, withdrawn] = [
    await give(anna, 'two', true),
    await give(anna, 'three'),
    await give(alice, '4'),
  ]
  const open = (datasets: Hex[]) =>
    trent.client.requests.open({ pool: POOL, purposes: ['evaluation'], recipient: trent.recipient, datasets })
  const { request } = await open([used, asked.id, withdrawn.id].sort())
  const refused = await open([asked.id])
  await anna.client.requests.approve(request, asked.id, true)
  await anna.client.requests.approve(refused.request, asked.id, false)
  await anna.client.datasets.updateConsent(changed.id, { purposes: ['retrieval'], expires: null, ask: false })
  await alice.client.datasets.withdraw(withdrawn.id)
  await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })

  // One settlement (or two: custodians settle by their own timers, too) that the guardian voids, and the same uses again.
  const settled = async () => {
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, request)) === 2n * PRICE
    })
    for (const owner of [alice, anna])
      await waitFor(
        'its uses',
        async () => (await owner.client.rewards.get(owner.address)).entries.length === 1,
      )
  }
  await settled()
  const key = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'guardian')!.privateKey
  const guardian = createClient({ api: world.api, rpc: world.rpc, signer: new Wallet(key, world.provider) })
  const { settlements: voided } = await guardian.settlements.voidFrom(1)
  for (const one of voided) await guardian.settlements.giveBack(one)
  await settled()
  await passTime(CLAIM_DELAY + 1)
  await waitFor('the effect', async () => (await settlements())[0].state === 'in-effect')
  for (const owner of [alice, anna]) {
    await owner.client.rewards.claim(owner.address)
    await owner.client.governance.join()
  }
  // A chain that goes back under the feed.
  const snapshot = await world.provider.send('evm_snapshot', [])
  const price = async () => (await call(world, 'GET', `/v1/pools/${POOL}`)).body.price
  await world.daoSends('datasetRegistry', 'setPrice', POOL, PRICE * 7n)
  await waitFor('the other price', async () => (await price()) === String(PRICE * 7n))
  await world.provider.send('evm_revert', [snapshot])
  await waitFor('the price as before', async () => (await price()) === String(PRICE))

  const draft = { calls: [{ action: 'pool-price' as const, arguments: { pool: POOL, price: PRICE * 2n } }] }
  const { id } = await alice.client.governance.create({ ...draft, description: 'Wheat got dearer' })
  const ballots = [
    [alice, 'for'],
    [anna, 'against'],
  ] as const
  // Both at once: a vote lasts 20 seconds.
  await Promise.all(
    ballots.map(([voter, choice]) =>
      waitFor('a vote', () => voter.client.governance.vote(id, choice).then(() => true)),
    ),
  )
  for (const name of CUSTODIANS) await world.stop(name)
  await readEverything()
  before = await dumpTables(database())
}, 240_000)
afterAll(async () => {
  await world?.end()
  await services?.remove()
  cli?.remove()
  if (dir) rmSync(join(dir, '..'), { recursive: true, force: true })
})

describe('granary reindex', () => {
  it('has a workload to rebuild in every table', () => {
    expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([])
  })

  it('refuses a folder without a network, and makes none', async () => {
    const nowhere = await cli.run(undefined, 'reindex', '--data', cli.file('nowhere'))
    expect([nowhere.code, nowhere.json.error.code]).toEqual([1, 'NETWORK_MISSING'])
    expect(existsSync(cli.file('nowhere'))).toBe(false)
  })

  it('runs once at a time', async () => {
    await sql(
      database(),
      `INSERT INTO "Lease" VALUES ('reindex', 'another', now() at time zone 'utc' + interval '1 hour')`,
    )
    expect((await reindex()).json.error.code).toBe('REINDEX_RUNNING')
    await sql(database(), `DELETE FROM "Lease" WHERE "name" = 'reindex'`)
  })

  it('finds nothing to change in what the feed made, while the API runs', async () => {
    const { code, json, stderr } = await reindex('--check')
    expect({ code, differing: json.differing, repaired: json.repaired }).toEqual({
      code: 0,
      differing: 0,
      repaired: false,
    })
    expect(stderr).toMatch(/reading the chain: block \d+ of \d+/)
    expect(json.tables.Dataset).toEqual({ rows: 4, missing: 0, surplus: 0, altered: 0 })
  })

  it('says what was tampered with and leaves it, then puts it right and leaves alone what is only here', async () => {
    const [dataset] = await sql(database(), `SELECT "metadata" FROM "Dataset" WHERE "id" = '${used}'`)
    const kept = () =>
      sql(
        database(),
        `SELECT (SELECT count(*) FROM "Relay") AS relays, (SELECT count(*) FROM "Session") AS sessions,
        (SELECT array_agg("uploader" ORDER BY "content") FROM "Content") AS uploaders`,
      )
    const own = await kept()
    // An API that runs puts lost datasets back by itself, once a minute.
    await world.stop('api')
    await sql(database(), `DELETE FROM "Dataset" WHERE "id" = '${used}'`)
    await sql(database(), `UPDATE "Leaf" SET "total" = "total" * 3`)
    await sql(database(), `UPDATE "Settlement" SET "total" = 1 WHERE "sequence" = 1`)
    await sql(database(), `INSERT INTO "Claimed" VALUES ('0x00000000000000000000000000000000000000Aa', 5)`)
    await sql(
      database(),
      `UPDATE "Document" SET "body" = '{"title": "false"}' WHERE "digest" = '${dataset!.metadata}'`,
    )
    await sql(
      database(),
      `INSERT INTO "Document" ("digest", "cid", "body") VALUES ('0x${'7'.repeat(64)}', 'x', '{}')`,
    )
    await sql(database(), `DELETE FROM "ChainEvent" WHERE "name" = 'Contributed'`)
    const false_ = await dumpTables(database())

    const checked = await reindex('--check')
    expect([checked.code, checked.json.error.code, checked.json.repaired]).toEqual([
      1,
      'REINDEX_DIFFERS',
      false,
    ])
    const differing = Object.entries(
      checked.json.tables as Record<string, { missing: number; surplus: number; altered: number }>,
    )
      .filter(([, one]) => one.missing + one.surplus + one.altered > 0)
      .map(([name, { missing, surplus, altered }]) => [name, missing, surplus, altered])
    expect(differing).toEqual([
      ['ChainEvent', 4, 0, 0],
      ['Dataset', 1, 0, 0],
      ['Settlement', 0, 0, 1],
      ['Leaf', 0, 0, before.Leaf!.length],
      ['Claimed', 0, 1, 0],
      ['Document', 0, 0, 1],
    ])
    expect(checked.json.alteredDocuments).toEqual([`0x${'7'.repeat(64)}`])
    expect(await dumpTables(database())).toEqual(false_)

    const repaired = await reindex()
    expect([repaired.code, repaired.json.repaired, repaired.json.error]).toEqual([0, true, undefined])
    expect(await dumpTables(database())).toEqual(before)
    expect(await kept()).toEqual(own)
    await startApi()
    expect((await call(world, 'GET', '/v1/auth/session', { token })).status).toBe(200)
    expect((await alice.client.rewards.get(alice.address)).claimed).not.toBe('0')
    expect((await reindex('--check')).json.differing).toBe(0)
  }, 300_000)

  it('builds an empty database again from chain and IPFS alone; a run that was killed is gone on with', async () => {
    await world.stop('api')
    await sql(database(), 'DROP SCHEMA public CASCADE')
    await sql(database(), 'CREATE SCHEMA public')
    expect((await reindex('--check')).json.error.code).toBe('MIGRATIONS_MISSING')

    const killed = cli.start(undefined, 'reindex', '--data', world.dir)
    await new Promise<void>((resolve) =>
      killed.child.stderr!.on('data', (text) => String(text).includes('documents') && resolve()),
    )
    killed.child.kill('SIGKILL')
    await killed.ended
    const { code, json } = await reindex()
    expect([code, json.error, json.resumed]).toEqual([0, undefined, true])
    expect(json.tables.Dataset).toEqual({ rows: 4, missing: 4, surplus: 0, altered: 0 })
    expect(await dumpTables(database())).toEqual(before)
    expect(await sql(database(), `SELECT 1 FROM pg_namespace WHERE nspname = 'granary_reindex'`)).toEqual([])

    await startApi()
    await readEverything()
    expect(await dumpTables(database())).toEqual(before)
    expect(await alice.client.datasets.get(used)).toMatchObject({ metadata: { title: 'data.bin' }, uses: 1 })
  }, 240_000)

  it('names what nobody has, and does the rest', async () => {
    await world.createPool()
    const lost = `0x${'5'.repeat(64)}` as Hex
    const { contribution: told, signature } = await contribution(
      world,
      anna,
      { content: lost, rawRoot: true },
      POOL,
      { metadata: `0x${'6'.repeat(64)}` },
    )
    await world.councilSends(
      'datasetRegistry',
      'contribute',
      [messageSchema('Contribution').parse(told)],
      [signature],
    )
    await sql(database(), `UPDATE "Pool" SET "price" = 0 WHERE "id" = ${POOL}`)
    const { code, json } = await reindex()
    expect([code, json.error.code, json.repaired]).toEqual([1, 'REINDEX_INCOMPLETE', true])
    expect(json.missing.contents).toMatchObject([{ content: lost }])
    const kinds = json.missing.documents.map(({ kind }: { kind: string }) => kind)
    expect(kinds.sort()).toEqual(['metadata', 'terms'])
    expect(json.missing.settlements).toEqual([])
    expect((await call(world, 'GET', `/v1/pools/${POOL}`)).body.price).toBe(String(PRICE))
  })

  it('starts chain and database of a stopped network for its time', async () => {
    await world.end()
    const { code, json, stderr } = await reindex('--check')
    expect([code, json.error.code, json.differing]).toEqual([1, 'REINDEX_INCOMPLETE', 0])
    expect(stderr).not.toMatch(/failed/)
    expect(existsSync(join(dir, 'lock'))).toBe(false)
  })
})
