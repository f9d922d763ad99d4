import type { Hex } from '@granary/protocol'
import type { Contributed } from '@granary/sdk'
import { beforeAll, describe, expect, it } from '@jest/globals'
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
}, 180_000)

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
  }, 90_000)
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
  }, 60_000)
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
  }, 120_000)
  it('no longer waits for a dataset that was withdrawn', async () => {
    await anna.client.datasets.withdraw(own.maps.id)
    expect(await listed(anna)).toEqual([])
  }, 60_000)
})
