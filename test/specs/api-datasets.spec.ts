import { randomBytes } from 'node:crypto'
import {
  contributionFlags,
  datasetId,
  FLAGS,
  type Hex,
  hexToBytes,
  type MessageOf,
  messageToJson,
  purposesToBits,
  signMessage,
} from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Wallet } from 'ethers'
import { type Actor, contributeBytes, newContributor, newStranger } from '../support/actors.js'
import {
  asSealed,
  call,
  contribution,
  inSeconds,
  METADATA,
  refusal,
  type Sealed,
  sealText,
  settled,
  signIn,
  upload,
} from '../support/rest.js'
import { sharedWorld, waitFor } from '../support/world.js'

const world = sharedWorld()
let pool: number
let alice: Actor
let mallory: Actor
let token: string
let mallorys: string
let file: Sealed

beforeAll(async () => {
  pool = await world.createPool()
  alice = await newContributor(world)
  mallory = await newStranger(world)
  token = await signIn(world, alice.wallet)
  mallorys = await signIn(world, mallory.wallet)
  file = await sealText(alice, 'rows of Alice')
  await upload(world, token, file)
})

const post = (body: unknown, as: string | undefined = token) =>
  call(world, 'POST', '/v1/datasets', { body, ...(as ? { token: as } : {}) })

describe('POST /v1/datasets', () => {
  it('refuses who is not signed in, or signed in as somebody else', async () => {
    const body = await contribution(world, alice, file, pool)
    expect(refusal(await call(world, 'POST', '/v1/datasets', { body }))).toBe('401 UNAUTHENTICATED')
    expect(refusal(await post(body, mallorys))).toBe('403 ADDRESS_MISMATCH')
  })

  it('refuses a signature by another account, or over something else', async () => {
    const body = await contribution(world, mallory, file, pool, { owner: alice.address })
    expect(refusal(await post(body))).toBe('422 SIGNATURE_INVALID')
    const signed = await contribution(world, alice, file, pool)
    const widened = { ...signed.contribution, purposes: purposesToBits(['evaluation', 'commercial']) }
    expect(refusal(await post({ ...signed, contribution: widened }))).toBe('422 SIGNATURE_INVALID')
  })

  it('refuses a message for another chain or contract', async () => {
    const message = (await contribution(world, alice, file, pool)).contribution
    const parsed = { ...message, deadline: BigInt(message.deadline) } as MessageOf<'Contribution'>
    for (const other of [
      { ...world.deployment, chainId: 1 },
      { ...world.deployment, datasetRegistry: world.deployment.rewardPool },
    ]) {
      const signature = await signMessage(alice.wallet, 'Contribution', parsed, other)
      expect(refusal(await post({ contribution: message, signature, metadata: METADATA }))).toBe(
        '422 SIGNATURE_INVALID',
      )
    }
  })

  it.each<[string, Partial<MessageOf<'Contribution'>>, string]>([
    ['a deadline that has passed', { deadline: BigInt(inSeconds(-1)) }, '422 MESSAGE_EXPIRED'],
    ['a consent that begins expired', { expires: inSeconds(-1) }, '403 CONSENT_EXPIRED'],
    ['a purpose that is not defined', { purposes: 1 << 9 }, '422 PURPOSES_UNDEFINED'],
    ['a restriction that nothing keeps yet', { purposes: 2 ** 24 }, '422 PURPOSES_UNDEFINED'],
    ['a pool that is not there', { pool: 65_535 }, '404 POOL_UNKNOWN'],
    ['flags that are the contract’s own', { flags: FLAGS.withdrawn | FLAGS.rawRoot }, '422 FLAGS_UNDEFINED'],
    ['the wrong raw-root flag', { flags: 0 }, '422 CONTENT_NOT_OF_DATASET'],
    ['another metadata document', { metadata: `0x${'12'.repeat(32)}` }, '422 DOCUMENT_MISMATCH'],
    ['content that nobody uploaded', { content: `0x${'34'.repeat(32)}` }, '404 CONTENT_UNKNOWN'],
  ])('refuses %s', async (_, change, expected) => {
    expect(refusal(await post(await contribution(world, alice, file, pool, change)))).toBe(expected)
  })

  it('refuses a pool that was closed', async () => {
    const closed = await world.createPool()
    await world.daoSends('datasetRegistry', 'setClosed', closed, true)
    const body = await contribution(world, alice, file, closed)
    await waitFor(
      'the pool to be closed',
      async () => (await call(world, 'GET', `/v1/pools/${closed}`)).body.closed,
    )
    expect(refusal(await post(body))).toBe('422 POOL_IS_CLOSED')
  })

  it('refuses a file that is not sealed', async () => {
    const plain = await asSealed(new Uint8Array(randomBytes(500)))
    await upload(world, token, plain)
    expect(refusal(await post(await contribution(world, alice, plain, pool)))).toBe('422 HEADER_INVALID')
  })

  it('refuses Alice’s file as Mallory’s: the stanza is bound to its owner', async () => {
    await upload(world, mallorys, file)
    expect(refusal(await post(await contribution(world, mallory, file, pool), mallorys))).toBe(
      '422 STANZA_INVALID',
    )
  })

  it('refuses a file sealed to another committee', async () => {
    const target = await alice.client.sealingTarget()
    // Any other point will do: here one custodian's own verifying share.
    const { body } = await call(world, 'GET', '/v1/network')
    const groupKey = hexToBytes(body.committee.members[0].verifyingShare)
    const other = await sealText(alice, 'to a committee of my own', { ...target, groupKey })
    await upload(world, token, other)
    expect(refusal(await post(await contribution(world, alice, other, pool)))).toBe('422 COMMITTEE_UNKNOWN')
  })

  it.each<[string, (body: Awaited<ReturnType<typeof contribution>>) => unknown]>([
    ['no body', () => ({})],
    ['a list', (body) => [body]],
    [
      'an unknown field in the message',
      (body) => ({ ...body, contribution: { ...body.contribution, also: 1 } }),
    ],
    ['a number out of range', (body) => ({ ...body, contribution: { ...body.contribution, pool: 70_000 } })],
    ['a deadline as number', (body) => ({ ...body, contribution: { ...body.contribution, deadline: 1 } })],
    ['metadata with a field too many', (body) => ({ ...body, metadata: { ...METADATA, sha256: 'x' } })],
    ['a signature that is no hex', (body) => ({ ...body, signature: 'please' })],
  ])('refuses %s', async (_, change) => {
    const answer = await post(change(await contribution(world, alice, file, pool)))
    expect(refusal(answer)).toBe('400 VALIDATION_FAILED')
    expect(answer.body.errors.length).toBeGreaterThan(0)
  })

  it('registers it once, however often it comes', async () => {
    const body = await contribution(world, alice, file, pool)
    const answers = await Promise.all([post(body), post(body)])
    expect(answers.map((answer) => answer.status)).toEqual([202, 202])
    const { id, cid, relay } = answers[0]!.body
    expect([id, cid]).toEqual([datasetId(alice.address, file.content), file.cid])
    expect((await settled(world, relay)).status).toBe('confirmed')
    expect((await settled(world, answers[1]!.body.relay)).status).toBe('confirmed')
    expect((await post(body)).status).toBe(202)
    const { body: dataset } = await call(world, 'GET', `/v1/datasets/${id}`)
    expect(dataset).toMatchObject({
      id,
      owner: alice.address,
      pool,
      status: 'active',
      size: file.bytes.length,
    })
    const again = await contribution(world, alice, file, pool, { purposes: 3 })
    expect(refusal(await post(again))).toBe('409 DATASET_EXISTS')
  })
})

describe('GET /v1/datasets', () => {
  let ours: number
  let ids: Hex[]

  beforeAll(async () => {
    ours = await world.createPool()
    ids = []
    for (const [i, purposes] of [['evaluation'], ['evaluation', 'commercial'], ['retrieval']].entries()) {
      const terms = { pool: ours, purposes: purposes as never, expires: null }
      ids.push((await contributeBytes(alice, new TextEncoder().encode(`${i} of many`), terms)).id)
    }
  })

  const list = async (query: string) => (await call(world, 'GET', `/v1/datasets?${query}`)).body

  it('gives every one once, newest first, page by page', async () => {
    const seen: Hex[] = []
    let cursor = ''
    do {
      const page = await list(`pool=${ours}&limit=1${cursor ? `&cursor=${cursor}` : ''}`)
      seen.push(...page.items.map((item: { id: Hex }) => item.id))
      cursor = page.next
    } while (cursor)
    expect(seen).toEqual([...ids].reverse())
  })

  it('finds by owner and by what consent allows', async () => {
    expect((await list(`owner=${alice.address}&pool=${ours}`)).items).toHaveLength(3)
    expect((await list(`owner=${mallory.address}`)).items).toEqual([])
    expect((await list(`pool=${ours}&purposes=evaluation`)).items).toHaveLength(2)
    expect((await list(`pool=${ours}&purposes=evaluation,commercial`)).items).toHaveLength(1)
  })

  it.each([
    ['limit=0', '400 VALIDATION_FAILED'],
    ['limit=100000', '400 VALIDATION_FAILED'],
    ['limit=1;DROP', '400 VALIDATION_FAILED'],
    ['cursor=%27', '400 VALIDATION_FAILED'],
    [`cursor=${Buffer.from("1' OR 1=1").toString('base64url')}`, '400 CURSOR_INVALID'],
    ['owner=alice', '400 VALIDATION_FAILED'],
    ['pool=1&pool=2', '400 VALIDATION_FAILED'],
    ['purposes=world-domination', '400 PURPOSE_UNKNOWN'],
  ])('refuses ?%s', async (query, expected) => {
    expect(refusal(await call(world, 'GET', `/v1/datasets?${query}`))).toBe(expected)
  })

  it('knows no dataset that is not there, and no id that is none', async () => {
    expect(refusal(await call(world, 'GET', `/v1/datasets/0x${'0'.repeat(64)}`))).toBe('404 DATASET_UNKNOWN')
    expect(refusal(await call(world, 'GET', '/v1/datasets/1'))).toBe('400 VALIDATION_FAILED')
  })
})

describe('GET /v1/datasets/{id}/content', () => {
  it('is bytes to keep, never a page, whatever they look like', async () => {
    const id = datasetId(alice.address, file.content)
    const { headers, status } = await call(world, 'GET', `/v1/datasets/${id}/content`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z0-9]+\.age"$/)
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
    expect(headers.get('content-length')).toBe(String(file.bytes.length))
    expect(headers.get('etag')).toBe(`"${file.cid}"`)
  })

  it('answers ranges, and 304 to who has it', async () => {
    const id = datasetId(alice.address, file.content)
    const get = (headers: Record<string, string>) =>
      fetch(`${world.api}/v1/datasets/${id}/content`, { headers })
    const part = await get({ range: 'bytes=3-9' })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 3-9/${file.bytes.length}`])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(file.bytes.slice(3, 10))
    const tail = await get({ range: 'bytes=-5' })
    expect(new Uint8Array(await tail.arrayBuffer())).toEqual(file.bytes.slice(-5))
    expect((await get({ range: `bytes=${file.bytes.length}-` })).status).toBe(416)
    expect((await get({ range: 'bytes=3-9', 'if-range': '"another"' })).status).toBe(200)
    expect((await get({ range: 'bytes=3-9', 'if-range': `"${file.cid}"` })).status).toBe(206)
    expect((await get({ 'if-none-match': `"${file.cid}"` })).status).toBe(304)
  })
})

describe('POST /v1/datasets/{id}/consent and …/withdrawal', () => {
  let id: Hex
  let content: Hex

  beforeAll(async () => {
    const given = await contributeBytes(alice, new TextEncoder().encode('to be withdrawn'), {
      pool,
      purposes: ['evaluation'],
      expires: null,
    })
    id = given.id
    content = (await call(world, 'GET', `/v1/datasets/${id}`)).body.content
  })

  async function consent(change: Partial<MessageOf<'ConsentUpdate'>> = {}, signer = alice.wallet as Wallet) {
    const message = {
      dataset: id,
      purposes: 1,
      expires: 0,
      ask: false,
      issued: inSeconds(-5),
      deadline: BigInt(inSeconds(600)),
      ...change,
    }
    const signature = await signMessage(signer, 'ConsentUpdate', message, world.deployment)
    return { update: messageToJson('ConsentUpdate', message), signature }
  }
  const send = (what: string, body: unknown, as = token) =>
    call(world, 'POST', `/v1/datasets/${id}/${what}`, { token: as, body })

  it('refuses a change by anybody but the owner', async () => {
    expect(refusal(await send('consent', await consent({}, mallory.wallet), mallorys))).toBe('403 NOT_OWNER')
    expect(refusal(await send('consent', await consent({}, mallory.wallet)))).toBe('422 SIGNATURE_INVALID')
  })

  it.each<[string, Partial<MessageOf<'ConsentUpdate'>>, string]>([
    ['about another dataset', { dataset: `0x${'1'.repeat(64)}` }, '400 MESSAGE_INVALID'],
    ['from the future', { issued: inSeconds(3600) }, '422 CONSENT_FROM_FUTURE'],
    ['that begins expired', { expires: inSeconds(-1) }, '403 CONSENT_EXPIRED'],
    ['after its deadline', { deadline: BigInt(inSeconds(-1)) }, '422 MESSAGE_EXPIRED'],
    ['with undefined purposes', { purposes: 1 << 12 }, '422 PURPOSES_UNDEFINED'],
  ])('refuses a change %s', async (_, change, expected) => {
    expect(refusal(await send('consent', await consent(change)))).toBe(expected)
  })

  it('changes consent, and refuses on chain what is older than the last change', async () => {
    const done = await settled(world, (await send('consent', await consent({ ask: true }))).body.relay)
    expect(done).toMatchObject({ status: 'confirmed', kind: 'consent-update' })
    expect((await call(world, 'GET', `/v1/datasets/${id}`)).body).toMatchObject({
      ask: true,
      purposes: ['pretraining'],
    })
    const older = await settled(
      world,
      (await send('consent', await consent({ issued: inSeconds(-60) }))).body.relay,
    )
    expect(older).toMatchObject({ status: 'refused', code: 'CONSENT_OUTDATED' })
  })

  async function withdrawal(owner: Actor, of = content) {
    const message = { owner: owner.address, content: of }
    const signature = await signMessage(owner.wallet, 'Withdrawal', message, world.deployment)
    return { withdrawal: messageToJson('Withdrawal', message), signature }
  }

  it('refuses a withdrawal by anybody but the owner, and of what nobody contributed', async () => {
    expect(refusal(await send('withdrawal', await withdrawal(mallory), mallorys))).toBe('400 MESSAGE_INVALID')
    expect(refusal(await send('withdrawal', await withdrawal(alice), mallorys))).toBe('403 ADDRESS_MISMATCH')
    const nothing = `0x${'56'.repeat(32)}` as Hex
    const path = `/v1/datasets/${datasetId(mallory.address, nothing)}/withdrawal`
    const body = await withdrawal(mallory, nothing)
    expect(refusal(await call(world, 'POST', path, { token: mallorys, body }))).toBe('404 DATASET_UNKNOWN')
  })

  it('withdraws for good', async () => {
    const { relay } = (await send('withdrawal', await withdrawal(alice))).body
    expect((await settled(world, relay)).status).toBe('confirmed')
    expect((await send('withdrawal', await withdrawal(alice))).body.relay).toBe(relay)
    expect((await call(world, 'GET', `/v1/datasets/${id}`)).body).toMatchObject({ status: 'withdrawn' })
    expect(refusal(await send('consent', await consent({ issued: inSeconds(1) })))).toBe(
      '409 DATASET_WITHDRAWN',
    )
    const types = (await call(world, 'GET', `/v1/datasets/${id}/history`)).body.items.map(
      (item: { type: string }) => item.type,
    )
    expect(types).toEqual(['withdrawn', 'consent-updated', 'contributed'])
  })

  it('calls back a contribution that nobody relayed yet', async () => {
    const late = await sealText(alice, 'second thoughts')
    await upload(world, token, late)
    const flags = contributionFlags({ ask: false, rawRoot: late.rawRoot })
    const given = (await post(await contribution(world, alice, late, pool, { flags }))).body
    const body = await withdrawal(alice, late.content)
    const back = await call(world, 'POST', `/v1/datasets/${given.id}/withdrawal`, { token, body })
    expect((await settled(world, back.body.relay)).status).toBe('confirmed')
    await settled(world, given.relay)
    const dataset = await call(world, 'GET', `/v1/datasets/${given.id}`)
    expect(dataset.status === 404 || dataset.body.status === 'withdrawn').toBe(true)
  })
})
