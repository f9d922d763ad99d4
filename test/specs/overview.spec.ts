import {
  delegationTypedData,
  type Hex,
  MAX_STATISTICS_DAYS,
  type StatisticsResource,
} from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { makeMembers } from '../support/members.js'
import { call, inSeconds, signIn } from '../support/rest.js'
import { sql } from '../support/tables.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// The network as a whole: statistics by day, treasury, custodians, delegation of votes. On a network of its own, whose
// sums are known.

const PRICE = parseEther('2')
const DAY_MS = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)

let world: OwnWorld
let cli: CommandLine
let alice: Actor
let anna: Actor

beforeAll(async () => {
  world = await startWorld()
  cli = commandLine(world)
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
})
afterAll(async () => {
  cli?.remove()
  await world?.end()
})

const stats = (query = '') => call(world, 'GET', `/v1/statistics${query}`)

describe('GET /v1/statistics', () => {
  it('refuses days that are none, that run backwards, and more of them than one answer has', async () => {
    for (const query of ['?from=yesterday', '?from=2026-02-30', '?from=2026-05-02&to=2026-05-01', '?to=']) {
      const { status, body } = await stats(query)
      expect([query, status, body.code]).toEqual([query, 400, 'VALIDATION_FAILED'])
    }
    expect((await stats(`?from=${ago(MAX_STATISTICS_DAYS)}`)).body.code).toBe('VALIDATION_FAILED')
    expect((await stats(`?from=${ago(MAX_STATISTICS_DAYS - 1)}`)).body.days).toHaveLength(MAX_STATISTICS_DAYS)
    expect((await stats('?from=2200-01-01')).body.code).toBe('VALIDATION_FAILED')
  })

  it('counts contributors once, datasets, uses, what they earned and what was claimed', async () => {
    const nothing = (await stats()).body as StatisticsResource
    expect(nothing.days).toHaveLength(90)
    expect(nothing.total).toEqual({ contributors: 0, datasets: 0, uses: 0, earned: '0', claimed: '0' })
    const pool = await world.createPool({ price: parseEther('1') })
    for (const text of ['one', 'two', 'three'])
      await contributeBytes(alice, new TextEncoder().encode(text), {
        pool,
        purposes: ['evaluation'],
        expires: null,
      })
    await makeMembers(world, [alice, anna], PRICE)
    // A change of consent makes the row again, the first one of its owner, too: it must not count twice.
    for await (const { id } of alice.client.datasets.list({ owner: alice.address }))
      await alice.client.datasets.updateConsent(id, { purposes: ['pretraining'], expires: null, ask: false })
    const expected = {
      contributors: 2,
      datasets: 5,
      uses: 2,
      earned: parseEther('3.4').toString(),
      claimed: parseEther('3.4').toString(),
    }
    const { total, days, before } = (await stats(`?from=${ago(1)}`)).body as StatisticsResource
    expect(total).toEqual(expected)
    expect(before).toMatchObject({ datasets: 0, claimed: '0' })
    expect(days.at(-1)).toEqual({ day: ago(0), ...expected })
    expect((await stats(`?from=${ago(-1)}&to=${ago(-2)}`)).body.before).toEqual(expected)
    expect(await alice.client.overview.statistics()).toMatchObject({ total: expected })
    expect((await cli.run(undefined, 'stats')).json).toMatchObject({ total: expected })
    expect((await cli.run(undefined, 'stats', '--days', 'x')).json.error.code).toBe('ARGUMENT_INVALID')
  }, 300_000)

  it('is counted again by a reindex, and put right', async () => {
    const database = world.facts.databaseUrl
    await sql(database, `UPDATE "Statistic" SET "uses" = "uses" + 7`)
    await sql(database, `INSERT INTO "Statistic" ("day", "datasets") VALUES ('2020-01-01', 3)`)
    const reindex = (...words: string[]) => cli.run(undefined, 'reindex', '--data', world.dir, ...words)
    const found = await reindex('--check')
    expect(found.json.tables.Statistic).toEqual({ rows: 1, missing: 0, surplus: 1, altered: 1 })
    await reindex()
    expect((await stats()).body.total).toMatchObject({ datasets: 5, uses: 2 })
    expect((await reindex('--check')).json.tables.Statistic).toMatchObject({ surplus: 0, altered: 0 })
  }, 300_000)

  it('forgets what rows that go away stood for', async () => {
    const database = world.facts.databaseUrl
    const sums = async () =>
      (await sql(database, `SELECT sum("contributors")::int c, sum("datasets")::int d FROM "Statistic"`))[0]
    const before = await sums()
    // As the feed does when a chain went back: the rows go, and come again in another order.
    const rows = `"owner" = '${alice.address}'`
    await sql(database, `CREATE TABLE aside AS SELECT * FROM "Dataset" WHERE ${rows}`)
    await sql(
      database,
      `DELETE FROM "Dataset" WHERE ${rows} AND "position" = (SELECT min("position") FROM aside)`,
    )
    expect(await sums()).toEqual({ c: 2, d: 4 })
    await sql(database, `DELETE FROM "Dataset" WHERE ${rows}`)
    expect(await sums()).toEqual({ c: 1, d: 1 })
    await sql(database, `INSERT INTO "Dataset" SELECT * FROM aside ORDER BY "position" DESC LIMIT 1`)
    expect(await sums()).toEqual({ c: 2, d: 2 })
    await sql(database, `INSERT INTO "Dataset" SELECT * FROM aside ON CONFLICT DO NOTHING`)
    await sql(database, 'DROP TABLE aside')
    expect(await sums()).toEqual(before)
  }, 240_000)
})

describe('the treasury', () => {
  it('shows what came in and what a proposal paid', async () => {
    const { client } = alice
    const earned = parseEther('0.2').toString()
    expect((await client.overview.treasury()).claimable).toBe(earned)
    await client.rewards.claim((await client.overview.treasury()).account)
    await waitFor('the claim', async () => (await client.overview.treasury()).claimable === '0')
    expect(await client.overview.treasury()).toMatchObject({
      ofTimelock: true,
      balance: earned,
      earned,
      claimed: earned,
    })
    const paid = { to: anna.address, amount: parseEther('0.05') }
    const calls = [{ action: 'treasury-pay', arguments: paid }]
    const { id } = await client.governance.create({ calls, description: 'Thanks' })
    const state = async () => (await client.governance.get(id)).state
    await waitFor('the vote', async () => (await state()) === 'active')
    // Both within the few seconds of the vote.
    await Promise.all([alice, anna].map((member) => member.client.governance.vote(id, 'for')))
    await waitFor('the end of the vote', async () => (await state()) === 'succeeded')
    await client.governance.queue(id)
    await waitFor('the delay', async () => {
      const { queuedFor } = await client.governance.get(id)
      return queuedFor !== null && Date.parse(queuedFor) < Date.now() - 1000
    })
    await client.governance.execute(id)
    await waitFor('the payment', async () => {
      const { body } = await call(world, 'GET', '/v1/treasury/movements')
      return body.items[0]?.kind === 'paid'
    })
    const movements = []
    for await (const movement of client.overview.treasuryMovements()) movements.push(movement)
    expect(movements).toMatchObject([
      { kind: 'paid', amount: String(paid.amount), to: anna.address, proposal: id },
      { kind: 'claimed', amount: earned },
      { kind: 'earned', amount: earned, settlement: 1 },
    ])
    const first = (await call(world, 'GET', '/v1/treasury/movements?limit=1')).body
    const second = (await call(world, 'GET', `/v1/treasury/movements?limit=1&cursor=${first.next}`)).body
    expect(second.items).toMatchObject([{ kind: 'claimed' }])
    expect((await client.overview.treasury()).balance).toBe(String(parseEther('0.15')))
    expect((await cli.run(undefined, 'treasury')).json.movements).toHaveLength(3)
  }, 300_000)
})

describe('delegation', () => {
  const delegate = async (by: Actor, to: string, changes: object = {}) => {
    const nonce = String(await world.contract('grainToken').getFunction('nonces')(by.address))
    const terms = { delegatee: to as Hex, nonce: BigInt(nonce), expiry: BigInt(inSeconds(600)), ...changes }
    const { domain, types, message } = delegationTypedData(terms, world.deployment)
    const signature = await by.wallet.signTypedData(domain, types, message)
    const { delegatee, expiry } = terms
    return { delegation: { delegatee, nonce: String(terms.nonce), expiry: String(expiry) }, signature }
  }

  it('refuses what another signed, what is over, what was used, and other people’s accounts', async () => {
    const token = await signIn(world, alice.wallet)
    const post = async (body: object, address: string = alice.address) => {
      const path = `/v1/members/${address}/delegations`
      return (await call(world, 'POST', path, { token, body })).body.code
    }
    const good = await delegate(alice, anna.address)
    expect(await post(good, anna.address)).toBe('ADDRESS_MISMATCH')
    expect(await post(await delegate(anna, alice.address))).toBe('SIGNATURE_INVALID')
    expect(await post({ ...good, signature: '0x1234' })).toBe('SIGNATURE_INVALID')
    const elsewhere = { ...good, delegation: { ...good.delegation, delegatee: alice.address } }
    expect(await post(elsewhere)).toBe('SIGNATURE_INVALID')
    expect(await post(await delegate(alice, anna.address, { expiry: 1n }))).toBe('MESSAGE_EXPIRED')
    expect(await post(await delegate(alice, anna.address, { nonce: 5n }))).toBe('DELEGATION_USED')
    expect((await alice.client.governance.member(alice.address)).delegate).toBe(alice.address)
  }, 240_000)

  it('goes to another member, who sees whose they are, and comes back', async () => {
    const { governance } = alice.client
    const grain = (await governance.member(alice.address)).grain
    const { member } = await governance.delegate(anna.address)
    expect(member).toMatchObject({ delegate: anna.address, votes: '0', grain })
    const theirs = []
    for await (const each of governance.delegators(anna.address)) theirs.push(each)
    expect(theirs).toEqual([{ address: alice.address, grain }])
    const back = await cli.run(alice.wallet.privateKey, 'delegate', alice.address)
    expect(back.json).toMatchObject({ delegate: alice.address, votes: grain })
    expect((await call(world, 'GET', `/v1/members/${anna.address}/delegators`)).body.items).toEqual([])
  }, 240_000)
})

describe('GET /v1/custodians', () => {
  it('tells who is ready, and notices who is gone', async () => {
    const all = await alice.client.overview.custodians()
    expect(all).toMatchObject({ epoch: 1, threshold: 2, ready: 3 })
    expect(all.members[0]).toMatchObject({ index: 1, state: 'ready', code: null, epochs: [1] })
    await world.stop('custodian2')
    const look = () => alice.client.overview.custodians()
    await waitFor('its absence', async () => (await look()).members[1]?.state === 'unreachable')
    expect(await look()).toMatchObject({ ready: 2, members: [{}, { lastSeen: expect.any(String) }, {}] })
    expect((await cli.run(undefined, 'custodians')).json.ready).toBeLessThanOrEqual(3)
  }, 240_000)
})
