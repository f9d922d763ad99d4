import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DatasetResource, type Hex, manifestRoot, type PurposeName } from '@granary/protocol'
import { memorySpool, type SealingTarget, sealSource } from '@granary/sdk'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newStranger,
  newTrainer,
} from '../support/actors.js'
import {
  askCustodian,
  balanceOf,
  codeOf,
  inSeconds,
  ledgers,
  openRaw,
  receiptsOf,
  refusalBy,
  revertOf,
  signedOrder,
  spentOf,
} from '../support/releases.js'
import { sharedWorld } from '../support/world.js'

// What must not happen: each refused with its own code, by every program that could do it, and without a trace.

const world = sharedWorld()
const PRICE = parseEther('1')
const text = (words: string) => new TextEncoder().encode(words)

let pool: number
let alice: Actor
let mallory: Actor
let trent: Actor
let count = 0

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world)
  mallory = await newStranger(world)
  trent = await newTrainer(world)
}, 120_000)

interface Given {
  purposes?: PurposeName[]
  expires?: Date | null
  bytes?: Uint8Array
}

/** A dataset of Alice's that nobody else in this file touches. */
async function aDataset({
  purposes = ['evaluation'],
  expires = null,
  bytes,
}: Given = {}): Promise<DatasetResource> {
  count += 1
  const content = bytes ?? text(`dataset ${count} of ${alice.address}`)
  const { id } = await contributeBytes(alice, content, { pool, purposes, expires })
  return alice.client.datasets.get(id)
}

/** A request for datasets that the API would not have proposed, and an order for them. */
async function anOrder(
  datasets: DatasetResource[],
  trainer = trent,
  purposes: PurposeName[] = ['evaluation'],
) {
  const sorted = [...datasets].sort((a, b) => (a.id < b.id ? -1 : 1))
  const manifest = sorted.map(({ id }) => id as Hex)
  const request = await openRaw(world, trainer, { pool, purposes, datasets: manifest })
  const order = () => signedOrder(world, trainer, { request, datasets: sorted, manifest })
  return { request, manifest, datasets: sorted, order }
}

/** All three custodians say this code; no ledger grows, nothing is spent. */
async function refuses(order: unknown, code: string, request: Hex): Promise<void> {
  const before = await ledgers(world)
  expect(await refusalBy(world, order)).toBe(code)
  expect(await ledgers(world)).toEqual(before)
  expect(await spentOf(world, request)).toBe(0n)
}

describe('consent', () => {
  it('without the purpose asked: no proposal names the dataset, no custodian releases it', async () => {
    const dataset = await aDataset({ purposes: ['evaluation'] })
    const wish = { pool, purposes: ['fine-tuning'], datasets: [dataset.id as Hex] }
    expect(await codeOf(trent.client.requests.propose(wish))).toBe('CONSENT_PURPOSE_MISSING')
    const { request, order } = await anOrder([dataset], trent, ['fine-tuning'])
    await refuses(await order(), 'CONSENT_PURPOSE_MISSING', request)
  }, 60_000)

  it('without the condition asked', async () => {
    const { request, order } = await anOrder([await aDataset()], trent, ['evaluation', 'commercial'])
    await refuses(await order(), 'CONSENT_PURPOSE_MISSING', request)
  }, 60_000)

  it('that has expired', async () => {
    const dataset = await aDataset({ expires: new Date(Date.now() + 8_000) })
    const { request, order } = await anOrder([dataset])
    await sleep(Math.max(0, Date.parse(dataset.expires!) - Date.now() + 1_000))
    await refuses(await order(), 'CONSENT_EXPIRED', request)
    expect((await alice.client.datasets.get(dataset.id as Hex)).status).toBe('expired')
  }, 60_000)

  it('that was withdrawn after the request was paid', async () => {
    const dataset = await aDataset()
    const { request, order } = await anOrder([dataset])
    await alice.client.datasets.withdraw(dataset.id as Hex)
    await refuses(await order(), 'CONSENT_WITHDRAWN', request)
    const change = { purposes: ['evaluation'], expires: null, ask: false }
    expect(await codeOf(alice.client.datasets.updateConsent(dataset.id as Hex, change))).toBe(
      'DATASET_WITHDRAWN',
    )
  }, 60_000)

  it('of a dataset in another pool', async () => {
    const elsewhere = await world.createPool({ price: PRICE })
    const { id } = await contributeBytes(alice, text('elsewhere'), {
      pool: elsewhere,
      purposes: ['evaluation'],
      expires: null,
    })
    const { request, order } = await anOrder([await alice.client.datasets.get(id)])
    await refuses(await order(), 'DATASET_OTHER_POOL', request)
  }, 60_000)

  it('changed by somebody who is not the owner', async () => {
    const { id } = await aDataset()
    expect(await codeOf(mallory.client.datasets.withdraw(id as Hex))).toBe('NOT_OWNER')
    expect((await alice.client.datasets.get(id as Hex)).status).toBe('active')
  }, 60_000)
})

describe('a trainer', () => {
  it('who was not approved opens no request, and keeps the money', async () => {
    const dataset = await aDataset()
    const carl = await newTrainer(world, { name: 'Carl', approved: false })
    const before = await balanceOf(world, carl.address)
    const wish = { pool, purposes: ['evaluation'], datasets: [dataset.id as Hex], recipient: carl.recipient }
    expect(await codeOf(carl.client.requests.open(wish))).toBe('TRAINER_NOT_APPROVED')
    await expect(
      openRaw(world, carl, { pool, purposes: ['evaluation'], datasets: [dataset.id as Hex] }),
    ).rejects.toThrow()
    expect(await balanceOf(world, carl.address)).toBe(before)
  }, 60_000)

  it('who is no longer approved, or suspended, gets no release for what is already paid', async () => {
    const ted = await newTrainer(world, { name: 'Ted' })
    const { request, order } = await anOrder([await aDataset()], ted)
    await world.council.client.council.setSuspended(ted.address, true)
    await refuses(await order(), 'TRAINER_SUSPENDED', request)
    await world.council.client.council.setSuspended(ted.address, false)
    await world.council.client.council.revoke(ted.address)
    await refuses(await order(), 'TRAINER_NOT_APPROVED', request)
  }, 60_000)

  it('pays no price above the maximum that was signed', async () => {
    const own = await world.createPool({ price: PRICE })
    const { id } = await contributeBytes(alice, text('dear'), {
      pool: own,
      purposes: ['evaluation'],
      expires: null,
    })
    const wish = { pool: own, purposes: ['evaluation'], datasets: [id], recipient: trent.recipient }
    const before = await balanceOf(world, trent.address)
    expect(await codeOf(trent.client.requests.open({ ...wish, maxTotalPrice: PRICE - 1n }))).toBe(
      'PRICE_ABOVE_MAXIMUM',
    )
    // The council raises the price between proposal and signature: now the contract is the one to refuse.
    const proposal = await trent.client.requests.propose(wish)
    await world.councilSends('datasetRegistry', 'setPrice', own, PRICE * 2n)
    expect(await codeOf(trent.client.requests.open({ ...wish, proposal }))).toBe('PRICE_ABOVE_MAXIMUM')
    expect(await balanceOf(world, trent.address)).toBe(before)
  }, 60_000)
})

describe('an order', () => {
  it('signed by somebody else', async () => {
    const { request, manifest, datasets } = await anOrder([await aDataset()])
    await refuses(
      await signedOrder(world, mallory, { request, manifest, datasets }),
      'ORDER_SIGNATURE_INVALID',
      request,
    )
  }, 60_000)

  it('after its deadline', async () => {
    const { request, manifest, datasets } = await anOrder([await aDataset()])
    const late = await signedOrder(world, trent, { request, manifest, datasets, deadline: inSeconds(-5) })
    await refuses(late, 'ORDER_EXPIRED', request)
  }, 60_000)

  it('for a request that is not there', async () => {
    const { request, manifest, datasets } = await anOrder([await aDataset()])
    const nowhere = `0x${'5a'.repeat(32)}` as Hex
    const order = await signedOrder(world, trent, { request: nowhere, manifest, datasets })
    await refuses(order, 'REQUEST_UNKNOWN', request)
  }, 60_000)

  it('for a dataset outside the manifest', async () => {
    const [inside, outside] = [await aDataset(), await aDataset()]
    const { request, manifest } = await anOrder([inside])
    const order = await signedOrder(world, trent, { request, manifest, datasets: [outside] })
    await refuses(order, 'DATASET_NOT_IN_MANIFEST', request)
  }, 60_000)

  it('for leaves that a manifest has beyond the count that was paid', async () => {
    const sorted = [await aDataset(), await aDataset()].sort((a, b) => (a.id < b.id ? -1 : 1))
    const manifest = sorted.map(({ id }) => id as Hex)
    const request = await openRaw(world, trent, {
      pool,
      purposes: ['evaluation'],
      datasets: manifest,
      count: 1,
    })
    expect((await world.contract('accessRequests').getFunction('request')(request)).manifestRoot).toBe(
      manifestRoot(manifest),
    )
    for (const dataset of sorted) {
      const order = await signedOrder(world, trent, { request, manifest, datasets: [dataset] })
      await refuses(order, 'DATASET_NOT_IN_MANIFEST', request)
    }
  }, 60_000)

  it('that shows other content than the dataset’s', async () => {
    const [mine, other] = [await aDataset(), await aDataset()]
    const { request, manifest } = await anOrder([mine])
    const order = await signedOrder(world, trent, {
      request,
      manifest,
      datasets: [{ id: mine.id, content: other.content }],
    })
    await refuses(order, 'CONTENT_NOT_OF_DATASET', request)
  }, 60_000)
})

describe('a share', () => {
  it('asked for with fewer receipts than the threshold', async () => {
    const { request, order } = await anOrder([await aDataset()])
    const signed = await order()
    const [own] = await receiptsOf(world, [1], signed)
    for (const receipts of [[], [own], [own, own]]) {
      const { body } = await askCustodian(world, 1, '/v1/shares', { order: signed, receipts })
      expect(body.code).toBe('RECEIPTS_TOO_FEW')
    }
    await trent.client.settle()
    expect(await spentOf(world, request)).toBe(0n)
  }, 60_000)

  it('asked of a custodian that has not receipted the dataset itself', async () => {
    const { order } = await anOrder([await aDataset()])
    const signed = await order()
    const receipts = await receiptsOf(world, [1, 2], signed)
    const { body } = await askCustodian(world, 3, '/v1/shares', { order: signed, receipts })
    expect(body.code).toBe('RECEIPT_MISSING')
  }, 60_000)

  it('asked for with a receipt that its member did not sign', async () => {
    const { order } = await anOrder([await aDataset()])
    const signed = await order()
    const [own, other] = await receiptsOf(world, [1, 2], signed)
    const forged = { ...other!, signature: own!.signature }
    const { body } = await askCustodian(world, 1, '/v1/shares', { order: signed, receipts: [own, forged] })
    expect(body.code).toBe('RECEIPT_INVALID')
  }, 60_000)

  it('is sealed to the request’s recipient, whoever carries it', async () => {
    const { order } = await anOrder([await aDataset()])
    const signed = await order()
    const receipts = await receiptsOf(world, [1, 2], signed)
    const { status, body } = await askCustodian(world, 1, '/v1/shares', { order: signed, receipts })
    expect(status).toBe(200)
    const header = Buffer.from(body.answer, 'base64').toString('latin1')
    expect(header).toMatch(/^age-encryption\.org\/v1\n-> X25519 /)
  }, 60_000)
})

describe('an altered sealed file', () => {
  /** Sealed, not yet uploaded. */
  async function sealed(target: SealingTarget, actor: Actor) {
    count += 1
    const spool = memorySpool()
    const bytes = text(`to be altered ${count}`)
    const source = { name: 'x', type: '', size: bytes.length, stream: () => new Blob([bytes]).stream() }
    const address = await sealSource({ source, recipient: actor.recipient, target, spool })
    const blob = (await spool.source()) as Blob
    return { ...address, source, bytes: new Uint8Array(await blob.arrayBuffer()) }
  }
  const spoolOf = (bytes: Uint8Array) => ({
    ...memorySpool(),
    source: async () => new Blob([bytes as Uint8Array<ArrayBuffer>]),
  })
  const terms = { purposes: ['evaluation'], expires: null }

  it('is not taken under the address of the true one', async () => {
    const { bytes, cid, size } = await sealed(await alice.client.sealingTarget(), alice)
    bytes[size - 1]! ^= 1
    expect(await codeOf(alice.client.upload({ spool: spoolOf(bytes), cid, size }))).toBe('CID_MISMATCH')
  }, 60_000)

  it('with a stanza made for another owner is not registered', async () => {
    // Mallory has Alice's sealed file, which anybody may download, and offers it as her own.
    const { bytes, cid, size, content, rawRoot, source } = await sealed(
      await alice.client.sealingTarget(),
      alice,
    )
    await mallory.client.upload({ spool: spoolOf(bytes), cid, size })
    const attempt = mallory.client.register({ ...terms, pool, source, content, rawRoot })
    expect(await codeOf(attempt)).toBe('STANZA_INVALID')
    for await (const _ of mallory.client.datasets.list({ owner: mallory.address }))
      throw new Error('it was registered')
  }, 60_000)

  it('that the store altered afterwards: custodians do not receipt it', async () => {
    const dataset = await aDataset()
    const { request, order } = await anOrder([dataset])
    const sealedBytes = await (await fetch(`${world.api}/v1/datasets/${dataset.id}/content`)).arrayBuffer()
    const undo = alterBlock(new Uint8Array(sealedBytes), 100)
    try {
      const before = await ledgers(world)
      expect(await refusalBy(world, await order())).toMatch(/^CONTENT_(ALTERED|UNAVAILABLE)$/)
      expect(await ledgers(world)).toEqual(before)
      expect(await spentOf(world, request)).toBe(0n)
    } finally {
      undo()
    }
  }, 60_000)

  it('that the store altered behind its header: the trainer keeps nothing of it', async () => {
    const bytes = new Uint8Array(2 * 1024 * 1024 + 500).fill(7)
    const dataset = await aDataset({ bytes })
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['evaluation'],
      recipient: trent.recipient,
      datasets: [dataset.id as Hex],
    })
    const sealedBytes = new Uint8Array(
      await (await fetch(`${world.api}/v1/datasets/${dataset.id}/content`)).arrayBuffer(),
    )
    const undo = alterBlock(sealedBytes.subarray(1 << 20, 2 << 20), 5000)
    const sink = memorySink()
    try {
      const { files, failed } = await trent.client.fetch(opened.request, { identity: trent.identity, sink })
      expect(files).toEqual([])
      expect(failed).toHaveLength(1)
      expect(failed[0]!.code).toMatch(/^(CONTENT_ALTERED|CONTENT_UNAVAILABLE|PAYLOAD_ALTERED|UNREACHABLE)$/)
      expect(sink.files.size).toBe(0)
    } finally {
      undo()
    }
    expect((await trent.client.fetch(opened.request, { identity: trent.identity, sink })).failed).toEqual([])
  }, 90_000)

  /** Changes one byte of a stored block, past everybody, and returns what undoes it. */
  function alterBlock(block: Uint8Array, at: number): () => void {
    const folder = join(world.facts.dataDir, 'ipfs')
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .find((path) => statSync(path).size === block.length && readFileSync(path).equals(block))
    if (!found) throw new Error('no such block in the store')
    const altered = Buffer.from(block)
    altered[at]! ^= 1
    writeFileSync(found, altered)
    return () => writeFileSync(found, block)
  }
})

describe('a claim', () => {
  it('made twice', async () => {
    const dataset = await aDataset()
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['evaluation'],
      recipient: trent.recipient,
      datasets: [dataset.id as Hex],
    })
    await trent.client.fetch(opened.request, { identity: trent.identity, sink: memorySink() })
    for (let tries = 0; (await spentOf(world, opened.request)) === 0n && tries < 30; tries++) {
      await trent.client.settle()
      await sleep(500)
    }
    while (BigInt((await alice.client.rewards.get(alice.address)).claimable) === 0n) await sleep(200)
    await alice.client.rewards.claim(alice.address)
    const paid = await balanceOf(world, alice.address)
    expect(await codeOf(alice.client.rewards.claim(alice.address))).toBe('NOTHING_TO_CLAIM')
    // Read now: a settlement of somebody else's uses may have come meanwhile, and a proof fits its root only.
    const { earned, proof } = await alice.client.rewards.get(alice.address)
    const claimFor = ({ address }: Actor) =>
      revertOf(world, 'rewardPool', world.councilSends('rewardPool', 'claim', address, earned, proof))
    expect(await claimFor(alice)).toBe('NothingToClaim')
    expect(await claimFor(mallory)).toBe('ProofInvalid')
    expect(await balanceOf(world, alice.address)).toBe(paid)
  }, 90_000)
})
