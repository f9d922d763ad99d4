import type { Hex } from '@granary/protocol'
import { type Contributed, createClient } from '@granary/sdk'
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
import { balanceOf, codeOf, spentOf } from '../support/releases.js'
import { sharedWorld, waitFor } from '../support/world.js'

// A person contributes, a trainer the council approved gets it for a purpose the person allowed, the person is paid.

const world = sharedWorld()
const bytes = (text: string) => new TextEncoder().encode(text)
const diary = bytes('a diary, in private')
const notes = bytes('notes that others may train on')
const PRICE = parseEther('2')

let alice: Actor
let anna: Actor
let trent: Actor
let pool: number
let contributed: { diary: Contributed; notes: Contributed }
let request: Hex

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
  trent = await newTrainer(world)
  const terms = { pool, expires: null }
  contributed = {
    diary: await contributeBytes(alice, diary, { ...terms, purposes: ['evaluation'], name: 'diary.txt' }),
    notes: await contributeBytes(anna, notes, {
      ...terms,
      purposes: ['fine-tuning', 'commercial'],
      name: 'notes.txt',
    }),
  }
})

describe('a contribution', () => {
  it('is on chain, in the name of its owner, who paid no gas', async () => {
    const { owner, pool: where } = await world.contract('datasetRegistry').getFunction('dataset')(
      contributed.diary.id,
    )
    expect(owner).toBe(alice.address)
    expect(Number(where)).toBe(pool)
    expect(await world.provider.getBalance(alice.address)).toBe(0n)
    expect(await world.provider.getTransactionCount(alice.address)).toBe(0)
  })
  it('is in the catalogue with what its owner said of it', async () => {
    expect(await alice.client.datasets.get(contributed.diary.id)).toMatchObject({
      owner: alice.address,
      cid: contributed.diary.cid,
      purposes: ['evaluation'],
      status: 'active',
      metadata: { title: 'diary.txt', size: diary.length },
    })
  })
  it('is stored as bytes that say nothing of the plaintext', async () => {
    const answer = await fetch(`${world.api}/v1/datasets/${contributed.diary.id}/content`)
    const sealed = Buffer.from(await answer.arrayBuffer())
    expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    expect(sealed.includes(Buffer.from(diary))).toBe(false)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('a request', () => {
  it('names exactly the datasets whose owners allow the use', async () => {
    const proposal = await trent.client.requests.propose({ pool, purposes: ['fine-tuning', 'commercial'] })
    expect(proposal.document.datasets).toEqual([contributed.notes.id])
    expect(proposal).toMatchObject({ count: 1, price: String(PRICE), total: String(PRICE) })
  })
  it('puts the price of each dataset into escrow, and costs its trainer no gas', async () => {
    const before = await balanceOf(world, trent.address)
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['fine-tuning'],
      recipient: trent.recipient,
    })
    request = opened.request
    expect(opened).toMatchObject({ count: 1, price: PRICE, total: PRICE })
    expect(before - (await balanceOf(world, trent.address))).toBe(PRICE)
    expect(await world.provider.getBalance(trent.address)).toBe(0n)
    expect(await trent.client.requests.get(request)).toMatchObject({
      status: 'open',
      escrowed: String(PRICE),
      spent: '0',
    })
  })
})

describe('a release', () => {
  it('gives the file to nobody but its trainer', async () => {
    const mallory = await newStranger(world)
    const attempt = mallory.client.fetch(request, { identity: mallory.identity, sink: memorySink() })
    expect(await codeOf(attempt)).toBe('IDENTITY_MISMATCH')
    const stolen = mallory.client.fetch(request, { identity: trent.identity, sink: memorySink() })
    expect(await codeOf(stolen)).not.toBe('nothing was refused')
    expect(await spentOf(world, request)).toBe(0n)
  })
  it('gives it to the trainer, byte for byte, while its owner is asleep', async () => {
    const sink = memorySink()
    const { files, failed } = await trent.client.fetch(request, { identity: trent.identity, sink })
    expect(failed).toEqual([])
    expect(files).toMatchObject([
      { dataset: contributed.notes.id, title: 'notes.txt', sha256: sha256(notes) },
    ])
    expect(sink.files.get(contributed.notes.id)).toEqual(notes)
  })
  it('is charged once, however often it is fetched', async () => {
    await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, request)) > 0n
    })
    await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
    await trent.client.settle()
    expect(await spentOf(world, request)).toBe(PRICE)
  })
})

describe('a reward', () => {
  it('is the owner’s part of the price, shown with the use that it is for', async () => {
    await waitFor('the reward', async () => BigInt((await anna.client.rewards.get(anna.address)).earned) > 0n)
    const rewards = await anna.client.rewards.get(anna.address)
    expect(rewards).toMatchObject({ earned: String((PRICE * 85n) / 100n), claimed: '0' })
    expect(rewards.entries).toMatchObject([
      { dataset: contributed.notes.id, request, amount: rewards.earned },
    ])
    expect(await anna.client.rewards.get(alice.address)).toMatchObject({ earned: '0' })
  })
  it('is paid out at no gas', async () => {
    const { amount } = await anna.client.rewards.claim(anna.address)
    expect(amount).toBe((PRICE * 85n) / 100n)
    expect(await balanceOf(world, anna.address)).toBe(amount)
    expect(await world.provider.getBalance(anna.address)).toBe(0n)
  })
  it('stands in the history of the dataset, with the trainer and the purpose', async () => {
    const history = []
    for await (const item of anna.client.datasets.history(contributed.notes.id)) history.push(item)
    expect(history.map(({ type }) => type)).toEqual(['released', 'contributed'])
    expect(history[0]).toMatchObject({ request, trainer: trent.address, purposes: ['fine-tuning'] })
  })
})

describe('consent', () => {
  it('can be widened and narrowed, for the future', async () => {
    const { id } = contributed.diary
    await alice.client.datasets.updateConsent(id, { purposes: ['fine-tuning'], expires: null, ask: false })
    const wide = await trent.client.requests.propose({ pool, purposes: ['fine-tuning'] })
    expect(wide.document.datasets).toContain(id)
    const later = new Promise((resolve) => setTimeout(resolve, 1_100)) // a change is newer by whole seconds
    await later
    await alice.client.datasets.updateConsent(id, { purposes: ['evaluation'], expires: null, ask: false })
    const narrow = await trent.client.requests.propose({ pool, purposes: ['fine-tuning'] })
    expect(narrow.document.datasets).not.toContain(id)
  })
  it('shows in the API, whatever was changed of it, when its owner’s call returns', async () => {
    let consent = { purposes: ['evaluation'], expires: null as Date | null, ask: false }
    const { id } = await contributeBytes(alice, bytes('to be changed'), { pool, ...consent })
    let before = await alice.client.datasets.get(id)
    // An API whose index is late: it answers twice what was, then what is.
    let late = 0
    const fetchLate: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      return String(input).endsWith(`/v1/datasets/${id}`) && late-- > 0 ? Response.json(before) : answer
    }
    const { api, rpc } = world
    const client = createClient({ api, rpc, signer: alice.wallet, fetch: fetchLate })
    const purposes = ['pretraining', 'evaluation']
    for (const change of [{ expires: new Date('2090-01-01T00:00:00Z') }, { ask: true }, { purposes }]) {
      before = await alice.client.datasets.get(id)
      late = 3 // the first answer is to whose dataset it is
      consent = { ...consent, ...change }
      await client.datasets.updateConsent(id, consent)
      expect(late).toBeLessThan(0)
      const shown = await client.datasets.get(id)
      const { ask, expires } = shown
      expect({ purposes: shown.purposes, ask, expires: expires && new Date(expires) }).toEqual(consent)
      await new Promise((resolve) => setTimeout(resolve, 1_100)) // the next one is newer by whole seconds
    }
  })
  it('in ask mode lets a request have the dataset only after the owner’s yes', async () => {
    const asked = await contributeBytes(alice, bytes('ask me'), {
      pool,
      purposes: ['retrieval'],
      expires: null,
      ask: true,
    })
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['retrieval'],
      recipient: trent.recipient,
    })
    const attempt = () => trent.client.fetch(opened.request, { identity: trent.identity, sink: memorySink() })
    expect((await attempt()).failed).toMatchObject([{ dataset: asked.id, code: 'APPROVAL_MISSING' }])
    await alice.client.requests.approve(opened.request, asked.id, true)
    expect(await attempt()).toMatchObject({ failed: [], files: [{ sha256: sha256(bytes('ask me')) }] })
  })
})
