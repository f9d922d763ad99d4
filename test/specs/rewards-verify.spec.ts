import type { Hex, OwnedUse } from '@granary/protocol'
import { createClient, type Granary, type ToldUse } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { type LyingApi, REWARD_LIES, startLyingApi, USE_LIES } from '../support/lying-api.js'
import { codeOf } from '../support/releases.js'
import { call } from '../support/rest.js'
import { sharedWorld, waitFor } from '../support/world.js'

// What an owner earned is followed to the chain by whoever reads it, down to the receipts: an API can keep silent, but
// nothing that it says is taken for true.

const world = sharedWorld()
const PRICE = parseEther('2')
const EARNED = parseEther('1.7') // 5 % treasury, 10 % custodians
const TITLES = ['rye', 'oats', 'barley']

let alice: Actor
let trent: Actor
let pool: number
let request: Hex
let liar: LyingApi
let deceived: Granary
let cli: CommandLine
const ids: Record<string, Hex> = {}

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world, 'Alice')
  trent = await newTrainer(world, { name: 'Trent Models' })
  for (const name of TITLES) {
    const purposes = name === 'barley' ? ['retrieval'] : ['evaluation']
    const terms = { pool, purposes, expires: null, ask: name === 'oats', name }
    ids[name] = (await contributeBytes(alice, Buffer.from(name), terms)).id
  }
  const opened = await trent.client.requests.open({
    pool,
    purposes: ['evaluation'],
    recipient: trent.recipient,
  })
  request = opened.request
  await alice.client.requests.approve(request, ids.oats as Hex, true)
  await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
  await waitFor('the rewards of Alice', async () => {
    await trent.client.settle()
    const { earned } = await alice.client.rewards.get(alice.address)
    return BigInt(earned) === 2n * EARNED
  })
  liar = await startLyingApi(world.api)
  deceived = createClient({ api: liar.url, rpc: world.rpc })
  cli = commandLine(world)
})
afterAll(async () => {
  await liar?.end()
  cli?.remove()
})

const told = (use: OwnedUse): ToldUse => ({
  request: use.request as Hex,
  dataset: use.dataset as Hex,
  amount: use.amount,
  settlement: use.settlement,
  trainer: use.trainer as string,
  purposes: use.purposes,
  opened: use.opened as Hex,
})

async function verifyAll(client: Granary) {
  const verify = client.rewards.uses()
  const found = []
  for await (const use of client.owners.uses(alice.address))
    found.push(await verify(alice.address, told(use)))
  return found
}

describe('an API that lies', () => {
  it.each(REWARD_LIES)('is found out: $what', async ({ path, lie, code }) => {
    liar.tellOf(path, lie)
    expect(await codeOf(deceived.rewards.verify(alice.address))).toBe(code)
    liar.tellOf(path, null)
  })

  it.each(USE_LIES)('is found out: $what', async ({ path, lie, code }) => {
    liar.tellOf(path, lie)
    expect(await codeOf(verifyAll(deceived))).toBe(code)
    liar.tellOf(path, null)
  })

  it('is found out once what it hides was claimed', async () => {
    const anna = await newContributor(world, 'Anna')
    const { id } = await contributeBytes(anna, Buffer.from('spelt'), {
      pool,
      purposes: ['synthetic-data'],
      expires: null,
    })
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['synthetic-data'],
      recipient: trent.recipient,
      datasets: [id],
    })
    await trent.client.fetch(opened.request, { identity: trent.identity, sink: memorySink() })
    await waitFor('the rewards of Anna', async () => {
      await trent.client.settle()
      return BigInt((await anna.client.rewards.get(anna.address)).claimable) > 0n
    })
    await anna.client.rewards.claim(anna.address)
    const path = /^\/v1\/rewards\/0x[0-9a-fA-F]{40}$/
    liar.tellOf(path, (truth) => ({ ...truth, earned: '0', claimed: '0', claimable: '0', proof: [] }))
    expect(await codeOf(deceived.rewards.verify(anna.address))).toBe('REWARDS_MISMATCH')
    liar.tellOf(path, null)
  })

  it('cannot give another document: a custodian has the one whose digest is on chain', async () => {
    liar.tellOf(/^\/ipfs\//, (truth) => ({ ...truth, uses: [] }))
    expect(await verifyAll(deceived)).toHaveLength(2)
    liar.tellOf(/^\/ipfs\//, null)
  })

  it('is no help without the chain', async () => {
    const blind = createClient({ api: world.api, rpc: 'http://127.0.0.1:9' })
    expect(await codeOf(blind.rewards.verify(alice.address))).toBe('CHAIN_UNAVAILABLE')
  })
})

describe('what is true', () => {
  it('is a balance under a root on chain', async () => {
    // The API reads a moment later what custodians settle just now.
    const current = async () => (await deceived.rewards.verify(alice.address)).proof?.behind === 0
    await waitFor('the newest root', current)
    expect(await deceived.rewards.verify(alice.address)).toMatchObject({
      earned: String(2n * EARNED),
      claimed: '0',
      claimable: String(2n * EARNED),
      proof: { behind: 0 },
      chainId: 31337,
      rewardPool: world.deployment.rewardPool,
      endpoint: 'own',
    })
  })

  it('is each use, with its receipts and the signature of its trainer', async () => {
    const found = await verifyAll(deceived)
    expect(found.map(({ dataset }) => dataset).sort()).toEqual([ids.rye, ids.oats].sort())
    for (const use of found) {
      expect(use).toMatchObject({
        request,
        amount: String(EARNED),
        price: String(PRICE),
        trainer: trent.address,
        purposes: ['evaluation'],
        threshold: 2,
        trainerSignature: 'read',
      })
      expect(new Set(use.receipts.map(({ account }) => account)).size).toBe(2)
    }
  })

  it('is nothing for somebody who earned nothing, and not said to be proved', async () => {
    const nobody = await newContributor(world, 'Nobody')
    expect(await deceived.rewards.verify(nobody.address)).toMatchObject({ earned: '0', proof: null })
  })

  it('is not the same for somebody else’s account', async () => {
    const [use] = (await call(world, 'GET', `/v1/owners/${alice.address}/uses`)).body.items
    expect(await codeOf(deceived.rewards.uses()(trent.address, told(use)))).toBe('REWARDS_MISMATCH')
  })

  it('is told by the command line, too', async () => {
    const [verified, readers, none] = await Promise.all([
      cli.run(alice.wallet.privateKey, 'rewards', 'verify', '--newest', '1'),
      cli.run(undefined, 'datasets', 'readers', ids.rye as string),
      cli.run(undefined, 'datasets', 'readers', ids.barley as string),
    ])
    expect(verified.code).toBe(0)
    expect(verified.json).toMatchObject({
      balance: { earned: String(2n * EARNED), endpoint: 'named-by-api' },
      uses: [{ amount: String(EARNED), trainerSignature: 'read' }],
    })
    expect(readers.json.readers).toMatchObject([
      {
        trainer: trent.address,
        trainerName: 'Trent Models',
        purposes: ['evaluation'],
        amount: String(EARNED),
      },
    ])
    expect(none.json.readers).toEqual([])
  })
})

describe('what an account owns', () => {
  const owned = async (query: string) =>
    call(world, 'GET', `/v1/owners/${alice.address}/datasets?${query}`).then(({ body }) => body)
  const titles = async (query: string) =>
    (await owned(query)).items.map(({ metadata }: { metadata: { title: string } }) => metadata.title)

  it.each([
    ['order=nonsense', 'VALIDATION_FAILED'],
    ['status=gone', 'VALIDATION_FAILED'],
    [`search=${'x'.repeat(101)}`, 'VALIDATION_FAILED'],
    ['cursor=bm9uc2Vuc2U', 'CURSOR_INVALID'],
  ])('is not asked for by %s', async (query, code) => {
    expect((await owned(query)).code).toBe(code)
  })

  it('comes in the order that is asked for, page by page', async () => {
    expect(await titles('order=title')).toEqual(['barley', 'oats', 'rye'])
    expect(await titles('order=oldest')).toEqual(TITLES)
    expect((await titles('order=earned')).at(-1)).toBe('barley')
    for (const order of ['newest', 'oldest', 'earned', 'used', 'title']) {
      const paged: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await owned(`order=${order}&limit=1${cursor ? `&cursor=${cursor}` : ''}`)
        expect(page.total).toBe(3)
        paged.push(page.items[0].metadata.title)
        cursor = page.next
      }
      expect(paged).toEqual(await titles(`order=${order}`))
    }
  })

  it('is searched by what its owner wrote, letter by letter, and filtered', async () => {
    expect(await titles('search=OAT')).toEqual(['oats'])
    expect(await titles('search=%25')).toEqual([])
    expect(await titles('search=_ye')).toEqual([])
    expect(await titles(`search=${ids.rye}`)).toEqual(['rye'])
    expect(await titles('ask=yes')).toEqual(['oats'])
    expect(await titles('status=withdrawn')).toEqual([])
    expect((await owned('status=active&search=r')).total).toBe(2)
    expect(await titles(`pool=${pool}&order=oldest`)).toEqual(TITLES)
  })

  it('adds up over time, for all of it or one dataset', async () => {
    const sums = await alice.client.owners.earnings(alice.address, { by: 'month' })
    expect(sums).toHaveLength(1)
    expect(sums[0]).toMatchObject({ earned: String(2n * EARNED), claimed: '0', uses: 2 })
    const one = await alice.client.owners.earnings(alice.address, { dataset: ids.rye as Hex })
    expect(one).toMatchObject([{ earned: String(EARNED), uses: 1 }])
    expect(await alice.client.owners.earnings(alice.address, { dataset: ids.barley as Hex })).toEqual([])
    await alice.client.rewards.claim(alice.address)
    const [month] = await alice.client.owners.earnings(alice.address, { by: 'month' })
    expect(month).toMatchObject({ claimed: String(2n * EARNED) })
  })
})
