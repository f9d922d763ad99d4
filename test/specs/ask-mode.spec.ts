import { writeFileSync } from 'node:fs'
import type { Hex } from '@granary/protocol'
import type { Contributed } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newStranger,
  newTrainer,
  sha256,
} from '../support/actors.js'
import { commandLine } from '../support/command-line.js'
import { codeOf } from '../support/releases.js'
import { call, refusal } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

// In ask mode an owner is asked for each request, sees it as it stands on chain, and says yes or no. A no is final.

const world = sharedWorld()
const bytes = (text: string) => new TextEncoder().encode(text)
const PRICE = parseEther('3')
const FILES = { letters: bytes('letters'), songs: bytes('songs'), maps: bytes('maps'), free: bytes('free') }

let alice: Actor
let anna: Actor
let trent: Actor
let pool: number
let own: Record<keyof typeof FILES, Contributed>
let request: Hex

async function listed(actor: Actor) {
  const items = []
  for await (const item of actor.client.inbox.list()) items.push(item)
  return items
}

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
  trent = await newTrainer(world)
  const terms = { pool, purposes: ['retrieval'], expires: null }
  own = {
    letters: await contributeBytes(alice, FILES.letters, { ...terms, ask: true, name: 'letters.txt' }),
    songs: await contributeBytes(alice, FILES.songs, { ...terms, ask: true, name: 'songs.txt' }),
    maps: await contributeBytes(anna, FILES.maps, { ...terms, ask: true, name: 'maps.txt' }),
    free: await contributeBytes(alice, FILES.free, { ...terms, name: 'free.txt' }),
  }
}, 240_000)

describe('the inbox', () => {
  it('is empty while nobody asks', async () => {
    expect(await listed(alice)).toEqual([])
  })
  it('lists each dataset in ask mode of an open request, to its owner only', async () => {
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['retrieval'],
      recipient: trent.recipient,
    })
    request = opened.request
    const items = await listed(alice)
    expect(items.map((item) => item.dataset)).toEqual([own.letters.id, own.songs.id].sort())
    expect(items[0]).toMatchObject({
      status: 'pending',
      given: null,
      owner: alice.address,
      request: { id: request, trainer: trent.address, pool, purposes: ['retrieval'], count: 4 },
    })
    expect((await listed(anna)).map((item) => item.dataset)).toEqual([own.maps.id])
    expect(await listed(trent)).toEqual([])
  })
  it('comes in pages', async () => {
    const first = await call(world, 'GET', `/v1/approvals?owner=${alice.address}&status=pending&limit=1`)
    expect(first.body.items).toHaveLength(1)
    const cursor = first.body.next
    const second = await call(
      world,
      'GET',
      `/v1/approvals?owner=${alice.address}&status=pending&limit=1&cursor=${cursor}`,
    )
    expect(second.body).toMatchObject({ items: [{ status: 'pending' }], next: null })
    expect(second.body.items[0].dataset).not.toBe(first.body.items[0].dataset)
    const wrong = await call(world, 'GET', `/v1/approvals?owner=${alice.address}&cursor=abc`)
    expect(refusal(wrong)).toBe('400 CURSOR_INVALID')
    expect((await call(world, 'GET', '/v1/approvals')).status).toBe(400)
  })
})

describe('an answer', () => {
  it('is refused from anybody but the owner, before anything is signed', async () => {
    const mallory = await newStranger(world)
    expect(await codeOf(mallory.client.requests.approve(request, own.letters.id, true))).toBe('NOT_OWNER')
    expect(await codeOf(anna.client.requests.approve(request, own.letters.id, true))).toBe('NOT_OWNER')
  })
  it('is refused for a request that is not on chain and for a dataset that it does not ask for', async () => {
    const other = await contributeBytes(alice, bytes('not asked for'), {
      pool,
      purposes: ['evaluation'],
      expires: null,
      ask: true,
    })
    expect(await codeOf(alice.client.requests.approve(`0x${'7'.repeat(64)}`, own.letters.id, true))).toBe(
      'REQUEST_UNKNOWN',
    )
    expect(await codeOf(alice.client.requests.approve(request, other.id, true))).toBe(
      'DATASET_NOT_IN_MANIFEST',
    )
  })
  it('is given on the request as the chain has it', async () => {
    expect(await alice.client.inbox.review(request, own.letters.id)).toMatchObject({
      trainer: trent.address,
      pool,
      purposes: ['retrieval'],
      count: 4,
      price: PRICE,
    })
  })
  it('that is yes releases the dataset, that is no refuses it for good', async () => {
    await alice.client.requests.approve(request, own.letters.id, true)
    await alice.client.requests.approve(request, own.songs.id, false)
    expect(await listed(alice)).toEqual([])
    const answered = await call(world, 'GET', `/v1/approvals?owner=${alice.address}`)
    const statuses = new Map(
      answered.body.items.map((item: { dataset: string; status: string }) => [item.dataset, item.status]),
    )
    expect(statuses).toEqual(
      new Map([
        [own.letters.id, 'granted'],
        [own.songs.id, 'refused'],
      ]),
    )
    expect(await codeOf(alice.client.requests.approve(request, own.songs.id, true))).toBe('APPROVAL_FINAL')

    const { files, failed } = await trent.client.fetch(request, {
      identity: trent.identity,
      sink: memorySink(),
    })
    expect(new Set(files.map((file) => file.sha256))).toEqual(
      new Set([sha256(FILES.letters), sha256(FILES.free)]),
    )
    expect(new Map(failed.map(({ dataset, code }) => [dataset, code]))).toEqual(
      new Map([
        [own.songs.id, 'APPROVAL_REFUSED'],
        [own.maps.id, 'APPROVAL_MISSING'],
      ]),
    )
  })
  it('no longer waits for a dataset that was withdrawn', async () => {
    await anna.client.datasets.withdraw(own.maps.id)
    expect(await listed(anna)).toEqual([])
  })
})

describe('by commands', () => {
  const cli = commandLine(world)
  afterAll(() => cli.remove())
  const ids: Record<string, string> = {}
  let asked: string

  it('contribute --ask makes a dataset that asks first', async () => {
    const own = await world.createPool({ price: PRICE })
    for (const name of ['yes.txt', 'no.txt']) writeFileSync(cli.file(name), name)
    const { json } = await cli.run(
      alice.wallet.privateKey,
      ...['contribute', cli.file('yes.txt'), cli.file('no.txt')],
      ...['--pool', String(own), '--purposes', 'evaluation', '--ask'],
    )
    for (const { id, file } of json.datasets) ids[file.endsWith('yes.txt') ? 'yes' : 'no'] = id
    expect((await alice.client.datasets.get(ids.yes as Hex)).ask).toBe(true)
    const opened = await trent.client.requests.open({
      pool: own,
      purposes: ['evaluation'],
      recipient: trent.recipient,
    })
    asked = opened.request
  })
  it('inbox lists what waits', async () => {
    const { json } = await cli.run(alice.wallet.privateKey, 'inbox')
    const mine = json.items.filter((item: { request: { id: string } }) => item.request.id === asked)
    expect(mine.map((item: { dataset: string }) => item.dataset)).toEqual(Object.values(ids).sort())
    expect((await cli.run(undefined, 'inbox')).json.error.code).toBe('SIGNER_MISSING')
  })
  it('approve shows the request as it stands on chain, and signs nothing that nobody confirmed', async () => {
    const run = await cli.run(alice.wallet.privateKey, 'approve', asked, ids.yes!)
    expect(run.json.error.code).toBe('NOT_CONFIRMED')
    for (const fact of [asked, trent.address, trent.recipient, 'evaluation', '3 ', '2 datasets'])
      expect(run.stderr).toContain(fact)
    const { body } = await call(world, 'GET', `/v1/access-requests/${asked}/approvals`)
    expect(body.items.map((item: { status: string }) => item.status)).toEqual(['pending', 'pending'])
  })
  it('approve --yes and --refuse answer it', async () => {
    const yes = await cli.run(alice.wallet.privateKey, 'approve', asked, ids.yes!, '--yes')
    expect(yes).toMatchObject({ code: 0, json: { granted: true, request: { trainer: trent.address } } })
    const no = await cli.run(alice.wallet.privateKey, 'approve', asked, ids.no!, '--refuse', '--yes')
    expect(no).toMatchObject({ code: 0, json: { granted: false } })
    const { files, failed } = await trent.client.fetch(asked as Hex, {
      identity: trent.identity,
      sink: memorySink(),
    })
    expect(files.map((file) => file.dataset)).toEqual([ids.yes])
    expect(failed).toMatchObject([{ dataset: ids.no, code: 'APPROVAL_REFUSED' }])
  })
})
