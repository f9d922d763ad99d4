import {
  documentDigest,
  type Hex,
  type MessageOf,
  manifestRoot,
  messageToJson,
  type PurposeName,
  purposesToBits,
  signMessage,
  structHash,
} from '@granary/protocol'
import { recipientToBytes } from '@granary/sealing'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { hexlify, parseEther, randomBytes } from 'ethers'
import { type Actor, contributeBytes, newContributor, newStranger, newTrainer } from '../support/actors.js'
import { call, inSeconds, refusal, settled, signIn } from '../support/rest.js'
import { sharedWorld, waitFor } from '../support/world.js'

const world = sharedWorld()
const PRICE = parseEther('1')
let pool: number
let alice: Actor
let trent: Actor
let mallory: Actor
let token: string
let mallorys: string
let asked: Hex
let ids: Hex[]

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world)
  mallory = await newStranger(world)
  trent = await newTrainer(world)
  token = await signIn(world, trent.wallet)
  mallorys = await signIn(world, mallory.wallet)
  const give = (text: string, purposes: PurposeName[], ask = false) =>
    contributeBytes(alice, new TextEncoder().encode(text), { pool, purposes, expires: null, ask })
  asked = (await give('ask me first', ['evaluation'], true)).id
  ids = [asked, (await give('help yourself', ['evaluation'])).id].sort() as Hex[]
  await give('for reading only', ['retrieval'])
})

const propose = (change: object = {}, as: string | undefined = token) =>
  call(world, 'POST', '/v1/access-requests/manifests', {
    ...(as ? { token: as } : {}),
    body: { pool, purposes: ['evaluation'], ...change },
  })

describe('POST /v1/access-requests/manifests', () => {
  it('refuses who is not an approved trainer', async () => {
    expect(refusal(await call(world, 'POST', '/v1/access-requests/manifests', { body: {} }))).toBe(
      '401 UNAUTHENTICATED',
    )
    expect(refusal(await propose({}, mallorys))).toBe('403 TRAINER_NOT_APPROVED')
    const applied = await newTrainer(world, { approved: false, tokens: 0n })
    expect(refusal(await propose({}, await signIn(world, applied.wallet)))).toBe('403 TRAINER_NOT_APPROVED')
  })

  it.each<[string, object, string]>([
    ['no purpose', { purposes: [] }, '400 VALIDATION_FAILED'],
    ['no use among the purposes', { purposes: ['commercial'] }, '422 PURPOSE_NOT_SINGLE'],
    ['two uses', { purposes: ['evaluation', 'retrieval'] }, '422 PURPOSE_NOT_SINGLE'],
    ['a purpose that is reserved', { purposes: ['evaluation', 'clean-room'] }, '422 PURPOSES_UNDEFINED'],
    ['a pool that is not there', { pool: 65_000 }, '404 POOL_UNKNOWN'],
    ['a use that nobody allows', { purposes: ['synthetic-data'] }, '422 MANIFEST_EMPTY'],
    ['a dataset that is not there', { datasets: [`0x${'7'.repeat(64)}`] }, '404 DATASET_UNKNOWN'],
  ])('refuses %s', async (_, change, expected) => {
    expect(refusal(await propose(change))).toBe(expected)
  })

  it('proposes what consent allows, with the root over it', async () => {
    const { status, body } = await propose()
    expect(status).toBe(200)
    expect(body.document.datasets).toEqual(ids)
    expect(body).toMatchObject({ count: 2, price: PRICE.toString(), total: (2n * PRICE).toString() })
    expect(body.root).toBe(manifestRoot(ids))
    const block = await call(world, 'GET', `/ipfs/${body.cid}`, {
      headers: { accept: 'application/vnd.ipld.raw' },
    })
    expect(block.status).toBe(200)
  })

  it('says of a dataset that was named why it may not be used', async () => {
    const other = await world.createPool()
    expect(refusal(await propose({ datasets: ids, purposes: ['retrieval'] }))).toBe(
      '403 CONSENT_PURPOSE_MISSING',
    )
    const answer = await propose({ datasets: [asked], pool: other })
    expect([refusal(answer), answer.body.dataset]).toEqual(['403 DATASET_OTHER_POOL', asked])
  })

  it('leaves out owners, and keeps to the most of one owner', async () => {
    expect(refusal(await propose({ excludedOwners: [alice.address] }))).toBe('422 MANIFEST_EMPTY')
    expect((await propose({ maxPerOwner: 1 })).body.document.datasets).toEqual(ids.slice(0, 1))
    expect((await propose({ datasets: [asked] })).body.document.datasets).toEqual([asked])
  })
})

async function request(change: Partial<MessageOf<'AccessRequest'>> = {}, signer = trent) {
  const { body: proposal } = await propose()
  const message: MessageOf<'AccessRequest'> = {
    trainer: trent.address,
    pool,
    purposes: purposesToBits(['evaluation']),
    manifestRoot: proposal.root,
    manifestDocument: proposal.digest,
    count: proposal.count,
    recipient: hexlify(recipientToBytes(trent.recipient)) as Hex,
    maxTotalPrice: 2n * PRICE,
    expires: inSeconds(3600),
    salt: hexlify(randomBytes(32)) as Hex,
    deadline: BigInt(inSeconds(600)),
    ...change,
  }
  const signature = await signMessage(signer.wallet, 'AccessRequest', message, world.deployment)
  return { message, body: { request: messageToJson('AccessRequest', message), signature, permit: null } }
}

const open = (body: unknown, as = token) => call(world, 'POST', '/v1/access-requests', { token: as, body })

describe('POST /v1/access-requests', () => {
  it('refuses what the trainer did not sign', async () => {
    expect(refusal(await open((await request()).body, mallorys))).toBe('403 ADDRESS_MISMATCH')
    expect(refusal(await open((await request({}, mallory)).body))).toBe('422 SIGNATURE_INVALID')
  })

  it.each<[string, () => Partial<MessageOf<'AccessRequest'>>, string]>([
    ['a price above the maximum', () => ({ maxTotalPrice: 2n * PRICE - 1n }), '422 PRICE_ABOVE_MAXIMUM'],
    ['a request that begins expired', () => ({ expires: inSeconds(-1) }), '403 REQUEST_EXPIRED'],
    ['a deadline that has passed', () => ({ deadline: BigInt(inSeconds(-1)) }), '422 MESSAGE_EXPIRED'],
    [
      'a recipient that anybody could read',
      () => ({ recipient: `0x${'0'.repeat(64)}` }),
      '422 RECIPIENT_LOW_ORDER',
    ],
    ['a count of none', () => ({ count: 0 }), '422 COUNT_ZERO'],
    ['a count below the leaves', () => ({ count: 1 }), '422 MANIFEST_MISMATCH'],
    ['another root', () => ({ manifestRoot: manifestRoot([ids[0] as Hex]) }), '422 MANIFEST_MISMATCH'],
    [
      'a manifest that nobody has',
      () => ({ manifestDocument: `0x${'8'.repeat(64)}` }),
      '422 MANIFEST_MISMATCH',
    ],
    [
      'two uses at once',
      () => ({ purposes: purposesToBits(['evaluation', 'retrieval']) }),
      '422 PURPOSE_NOT_SINGLE',
    ],
    [
      'another use than the manifest’s',
      () => ({ purposes: purposesToBits(['retrieval']) }),
      '422 MANIFEST_MISMATCH',
    ],
  ])('refuses %s', async (_, change, expected) => {
    expect(refusal(await open((await request(change())).body))).toBe(expected)
  })

  it('tells what the chain refuses, and nothing is there then', async () => {
    const { message, body } = await request()
    const answer = await open(body)
    expect(answer.status).toBe(202)
    expect(await settled(world, answer.body.relay)).toMatchObject({
      status: 'refused',
      code: 'ALLOWANCE_TOO_LOW',
    })
    const id = structHash('AccessRequest', message)
    expect(refusal(await call(world, 'GET', `/v1/access-requests/${id}`))).toBe('404 REQUEST_UNKNOWN')
  })
})

describe('an open request', () => {
  let id: Hex

  beforeAll(async () => {
    const opened = await trent.client.requests.open({
      pool,
      purposes: ['evaluation'],
      recipient: trent.recipient,
      maxTotalPrice: 2n * PRICE,
      expires: new Date(Date.now() + 3_600_000),
    })
    id = opened.request
  })

  it('shows what the chain holds', async () => {
    const { body } = await call(world, 'GET', `/v1/access-requests/${id}`)
    expect(body).toMatchObject({ id, trainer: trent.address, pool, count: 2, status: 'open', spent: '0' })
    expect(body.escrowed).toBe((2n * PRICE).toString())
    const list = await call(world, 'GET', `/v1/access-requests?trainer=${trent.address}&status=open`)
    expect(list.body.items.map((item: { id: Hex }) => item.id)).toContain(id)
    const { body: manifest } = await call(world, 'GET', `/v1/access-requests/${id}/manifest`)
    expect(manifest.contents.map((content: { dataset: Hex }) => content.dataset)).toEqual(ids)
  })

  it('cannot be refunded while it runs', async () => {
    const answer = await call(world, 'POST', `/v1/access-requests/${id}/refund`, { token })
    expect(refusal(answer)).toBe('409 REQUEST_NOT_REFUNDABLE')
  })

  it('takes an answer from the owner of a dataset in it alone, and a no is final', async () => {
    const answer = async (signer: Actor, as: string, dataset: Hex, granted: boolean) => {
      const message = { request: id, dataset, granted, deadline: BigInt(inSeconds(600)) }
      const signature = await signMessage(signer.wallet, 'Approval', message, world.deployment)
      const body = { approval: messageToJson('Approval', message), signature }
      return call(world, 'POST', `/v1/access-requests/${id}/approvals`, { token: as, body })
    }
    const alices = await signIn(world, alice.wallet)
    const pending = await call(world, 'GET', `/v1/access-requests/${id}/approvals`)
    expect(pending.body.items).toEqual([
      { dataset: asked, owner: alice.address, status: 'pending', given: null },
    ])
    expect(refusal(await answer(mallory, mallorys, asked, true))).toBe('403 NOT_OWNER')
    expect(refusal(await answer(mallory, alices, asked, true))).toBe('422 SIGNATURE_INVALID')
    const given = await answer(alice, alices, asked, false)
    expect((await settled(world, given.body.relay)).status).toBe('confirmed')
    const { body } = await call(world, 'GET', `/v1/access-requests/${id}/approvals`)
    expect(body.items[0].status).toBe('refused')
    expect(refusal(await answer(alice, alices, asked, true))).toBe('409 APPROVAL_FINAL')
  })

  it('passes on orders for itself only, and what custodians refuse', async () => {
    const path = `/v1/access-requests/${id}/releases/receipts`
    const order = {
      order: { request: id, datasets: `0x${'0'.repeat(64)}`, deadline: '1' },
      signature: '0x',
      datasets: [],
    }
    expect(refusal(await call(world, 'POST', path, { body: { order } }))).toBe('401 UNAUTHENTICATED')
    const other = { ...order, order: { ...order.order, request: `0x${'1'.repeat(64)}` } }
    expect(refusal(await call(world, 'POST', path, { token, body: { order: other } }))).toBe(
      '400 MESSAGE_INVALID',
    )
    const { status, body } = await call(world, 'POST', path, { token, body: { order } })
    expect(status).toBe(200)
    expect(body.custodians.map((each: { member: number }) => each.member)).toEqual([1, 2, 3])
    for (const each of body.custodians) expect(each.status).toBe(400)
  })
})

describe('POST /v1/trainers', () => {
  it('refuses a profile that was not signed, and a signature of somebody else', async () => {
    const message = {
      trainer: mallory.address,
      profile: `0x${'9'.repeat(64)}` as Hex,
      deadline: BigInt(inSeconds(600)),
    }
    const profile = { version: 'granary/profile/v1', name: 'Mallory', description: '' }
    const send = async (signer: Actor) => {
      const signature = await signMessage(signer.wallet, 'TrainerApplication', message, world.deployment)
      const application = messageToJson('TrainerApplication', message)
      return call(world, 'POST', '/v1/trainers', {
        token: mallorys,
        body: { application, signature, profile },
      })
    }
    expect(refusal(await send(mallory))).toBe('422 DOCUMENT_MISMATCH')
    expect(refusal(await send(trent))).toBe('422 SIGNATURE_INVALID')
  })

  it('takes an application that anybody sends again after the approval for nothing new', async () => {
    const tess = await newStranger(world)
    const hers = await signIn(world, tess.wallet)
    const apply = async (name: string) => {
      const profile = { version: 'granary/profile/v1', name, description: '' }
      const { digest } = await documentDigest(profile)
      const message = { trainer: tess.address, profile: digest, deadline: BigInt(inSeconds(3_600)) }
      const signature = await signMessage(tess.wallet, 'TrainerApplication', message, world.deployment)
      const application = messageToJson('TrainerApplication', message)
      const body = { application, signature, profile }
      const { relay } = (await call(world, 'POST', '/v1/trainers', { token: hers, body })).body
      expect((await settled(world, relay)).status).toBe('confirmed')
      return { message, signature, body, relay }
    }
    const [first, second] = [await apply('Tess before'), await apply('Tess')]
    await world.council.client.council.approve(tess.address)
    for (const { message, signature } of [second, first]) {
      const sent = await world.councilSends('trainerRegistry', 'submitApplication', message, signature)
      await waitFor(
        'its block in the tables',
        async () => (await call(world, 'GET', '/v1/network')).body.head.indexed >= sent.blockNumber,
      )
    }
    expect((await call(world, 'GET', `/v1/trainers/${tess.address}`)).body).toMatchObject({
      status: 'approved',
      profile: { name: 'Tess' },
    })
    const again = await call(world, 'POST', '/v1/trainers', { token: hers, body: first.body })
    expect(again.body.relay).toBe(first.relay)
    await apply('Tess, renamed')
    expect((await call(world, 'GET', `/v1/trainers/${tess.address}`)).body.profile.name).toBe('Tess, renamed')
  })

  it('knows everybody, also who never applied', async () => {
    expect((await call(world, 'GET', `/v1/trainers/${mallory.address}`)).body.status).toBe('none')
    expect((await call(world, 'GET', `/v1/trainers/${trent.address}`)).body).toMatchObject({
      status: 'approved',
      profile: { name: 'Trent' },
    })
    const { body } = await call(world, 'GET', '/v1/trainers?status=approved&limit=200')
    expect(body.items.map((item: { address: string }) => item.address)).toContain(trent.address)
  })
})

describe('POST /v1/rewards/{address}/claims', () => {
  it('refuses a claim of nothing', async () => {
    const path = `/v1/rewards/${mallory.address}/claims`
    expect(refusal(await call(world, 'POST', path))).toBe('401 UNAUTHENTICATED')
    expect(refusal(await call(world, 'POST', path, { token }))).toBe('409 NOTHING_TO_CLAIM')
    const { body } = await call(world, 'GET', `/v1/rewards/${mallory.address}`)
    expect(body).toMatchObject({ earned: '0', claimed: '0', claimable: '0', proof: [] })
  })
})
