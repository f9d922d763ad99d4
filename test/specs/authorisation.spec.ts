import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Address, delegationTypedData, type Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { CUSTODIAN_ROUTES, MATRIX, ROLES, type Role, statusOf, word } from '../support/matrix.js'
import { passkeyFile } from '../support/passkey.js'
import {
  type Asked,
  beginUpload,
  call,
  contribution,
  inSeconds,
  type Sealed,
  sealText,
  signIn,
  upload,
} from '../support/rest.js'
import { type Person, signedBodies, soon } from '../support/signed-bodies.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// Every route of the running API times everybody who may ask, with real ids, against the table in support/matrix.ts.

type Signed = Exclude<Role, 'nobody'>

let world: OwnWorld
let people: Record<Signed, Person>
let tokens: Record<Signed, string>
let alice: Actor
let pool: number
const own = {} as Record<'dataset' | 'other' | 'second' | 'request', Hex> & { cid: string; relay: string }
let sealed: Sealed[]
let bodies: ReturnType<typeof signedBodies>

beforeAll(async () => {
  world = await startWorld({ env: { LOG_LEVEL: 'debug' } })
  pool = await world.createPool()
  alice = await newContributor(world)
  const anna = await newContributor(world, 'Anna')
  const trent = await newTrainer(world)
  const tess = await newTrainer(world, { name: 'Tess' })
  await world.council.client.council.setSuspended(tess.address, true)
  const council = { address: world.council.wallet.address as Address, wallet: world.council.wallet }
  people = { alice, anna, trent, tess, council }
  const signedIn = Object.entries(people).map(async ([role, { wallet }]) => [
    role,
    await signIn(world, wallet),
  ])
  tokens = Object.fromEntries(await Promise.all(signedIn))
  const terms = { pool, purposes: ['evaluation'], expires: null, ask: true }
  const give = (text: string) => contributeBytes(alice, new TextEncoder().encode(text), terms)
  const [first, second, third] = [await give('one'), await give('two'), await give('three')]
  Object.assign(own, { dataset: first.id, other: second.id, second: third.id, cid: first.cid })
  const recipient = trent.recipient
  own.request = (await trent.client.requests.open({ pool, purposes: ['evaluation'], recipient })).request
  bodies = signedBodies({
    world,
    pool,
    request: own.request,
    token: tokens.trent,
    recipient: alice.recipient,
  })
  sealed = []
  for (const text of ['not yet contributed', 'nor this']) {
    const file = await sealText(alice, text)
    await upload(world, tokens.alice, file)
    sealed.push(file)
  }
  const body = await contribution(world, alice, sealed[1] as Sealed, pool)
  own.relay = (await call(world, 'POST', '/v1/datasets', { token: tokens.alice, body })).body.relay
}, 240_000)
afterAll(() => world?.end(), 60_000)

const ABSENT = `0x${'5a'.repeat(32)}` as Hex

const TUS = { 'tus-resumable': '1.0.0' }
const contentOf = async (dataset: Hex) =>
  (await call(world, 'GET', `/v1/datasets/${dataset}`)).body.content as Hex

/** A new unfinished upload of Alice: each question has its own. */
async function begun(): Promise<string> {
  const file = sealed[0] as Sealed
  return (await beginUpload(world, tokens.alice, file.bytes.length, file.cid)).headers.get('location') ?? ''
}

type Question = Asked & { path?: string }
/** Whose signature is under what somebody sends: their own, where they have a wallet at all. */
const oneself = (role: Role): Person => (role === 'nobody' ? people.anna : people[role])

/** What is sent to a route that takes more than a path; by route and variant. */
const QUESTIONS: Record<string, (role: Role) => Promise<Question> | Question> = {
  'POST /v1/auth/nonce': () => ({ body: { address: alice.address } }),
  'POST /v1/auth/session no text of ours': () => ({ body: { message: 'let me in', signature: '0x00' } }),
  'POST /v1/auth/session what somebody else signed': async () => {
    const { body } = await call(world, 'POST', '/v1/auth/nonce', { body: { address: alice.address } })
    return { body: { message: body.message, signature: await people.anna.wallet.signMessage(body.message) } }
  },
  'DELETE /v1/auth/session': async (role) =>
    role === 'nobody' ? {} : { token: await signIn(world, people[role].wallet) },
  'POST /v1/uploads': () => ({
    headers: { ...TUS, 'upload-length': '5', 'upload-metadata': `cid ${btoa((sealed[0] as Sealed).cid)}` },
  }),
  'HEAD /v1/uploads/{id} of Alice': async () => ({ path: await begun(), headers: TUS }),
  'DELETE /v1/uploads/{id} of Alice': async () => ({ path: await begun(), headers: TUS }),
  'PATCH /v1/uploads/{id} of Alice': async () => ({
    path: await begun(),
    headers: { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: (sealed[0] as Sealed).bytes.slice(0, 7),
  }),
  'POST /v1/datasets of Alice': async () => ({
    body: await contribution(world, alice, sealed[0] as Sealed, pool),
  }),
  'POST /v1/datasets her content, signed by oneself': async (role) => {
    const file = sealed[0] as Sealed
    await waitFor('what the line before let Alice contribute', async () => {
      const { body } = await call(world, 'GET', `/v1/datasets?owner=${alice.address}`)
      return body.items.some(({ cid }: { cid: string }) => cid === file.cid)
    })
    // Another message than that one, which would only be told what became of it.
    return {
      body: await contribution(world, oneself(role), file, pool, { deadline: BigInt(inSeconds(900)) }),
    }
  },
  'PUT /v1/datasets/{id}/metadata of Alice': async () => ({
    body: (await call(world, 'GET', `/v1/datasets/${own.dataset}`)).body.metadata,
  }),
  'POST /v1/datasets/{id}/consent of Alice': async () => ({ body: await bodies.update(alice, own.dataset) }),
  'POST /v1/datasets/{id}/consent signed by oneself': async (role) => ({
    body: await bodies.update(oneself(role), own.dataset),
  }),
  'POST /v1/datasets/{id}/withdrawal of Alice': async () => ({
    path: `/v1/datasets/${own.other}/withdrawal`,
    body: await bodies.withdrawal(alice, await contentOf(own.other)),
  }),
  'POST /v1/datasets/{id}/withdrawal signed by oneself': async (role) => ({
    path: `/v1/datasets/${own.other}/withdrawal`,
    body: await bodies.withdrawal(oneself(role), await contentOf(own.other)),
  }),
  'POST /v1/trainers of Alice': async () => ({ body: await bodies.application(alice) }),
  'POST /v1/access-requests/manifests': () => ({ body: { pool, purposes: ['evaluation'] } }),
  'POST /v1/access-requests of Trent': async () => ({ body: await bodies.accessRequest(people.trent) }),
  'POST /v1/access-requests signed by oneself': async (role) => ({
    body: await bodies.accessRequest(oneself(role)),
  }),
  'POST /v1/access-requests/{id}/approvals of Alice': async () => ({
    body: await bodies.approval(alice, own.dataset),
  }),
  'POST /v1/access-requests/{id}/approvals signed by oneself': async (role) => ({
    body: await bodies.approval(oneself(role), own.second),
  }),
  'GET /v1/approvals': () => ({ path: `/v1/approvals?owner=${alice.address}` }),
  'POST /v1/access-requests/{id}/releases/receipts': () => ({
    body: { order: { order: { request: own.request } } },
  }),
  'POST /v1/access-requests/{id}/releases/shares': () => ({
    body: { order: { order: { request: own.request } }, receipts: [] },
  }),
  'POST /v1/owner-releases': () => ({ body: { release: {}, signature: '0x00', datasets: [{}] } }),
  'POST /v1/proposals of Alice': async () => {
    const message = {
      proposer: alice.address,
      targets: [world.deployment.token],
      values: [0n],
      calldatas: ['0x' as Hex],
      description: 'x',
      deadline: soon(),
    }
    return { body: await bodies.signed(alice, 'proposal', 'Proposal', message) }
  },
  'POST /v1/proposals/{id}/votes of Alice': async () => ({
    body: await bodies.signed(alice, 'ballot', 'Ballot', {
      proposalId: BigInt(ABSENT),
      support: 1,
      voter: alice.address,
      nonce: 0n,
    }),
  }),
  'POST /v1/members of Alice': async () => ({
    body: await bodies.signed(alice, 'join', 'Join', { account: alice.address, deadline: soon() }),
  }),
  'GET /v1/approvals/history': () => ({ path: `/v1/approvals/history?owner=${alice.address}` }),
  'POST /v1/members/{address}/delegations of Alice': async () => {
    const terms = { delegatee: alice.address, nonce: 0n, expiry: soon() }
    const { domain, types, message } = delegationTypedData(terms, world.deployment)
    return {
      body: {
        delegation: { delegatee: terms.delegatee, nonce: '0', expiry: String(terms.expiry) },
        signature: await alice.wallet.signTypedData(domain, types, message),
      },
    }
  },
  'POST /v1/passkey-backups of Alice': () => ({ body: passkeyFile(alice.address) }),
  'POST /v1/passkey-backups of oneself': (role) => ({ body: passkeyFile(oneself(role).address) }),
  'DELETE /v1/passkey-backups/{id} of Alice': async () => {
    const asked = { token: tokens.alice, body: passkeyFile(alice.address) }
    const { body } = await call(world, 'POST', '/v1/passkey-backups', asked)
    return { path: `/v1/passkey-backups/${body.id}` }
  },
  'GET /ipfs/{cid}': () => ({ path: `/ipfs/${own.cid}?format=raw` }),
}

/** A route's path with real ids. */
function pathOf(route: string): string {
  const path = route.split(' ')[1] ?? ''
  const ids: [RegExp, string][] = [
    [/^\/v1\/datasets\/\{id\}/, `/v1/datasets/${own.dataset}`],
    [/^\/v1\/access-requests\/\{id\}/, `/v1/access-requests/${own.request}`],
    [/^\/v1\/proposals\/\{id\}/, `/v1/proposals/${ABSENT}`],
    [/^\/v1\/pools\/\{id\}/, `/v1/pools/${pool}`],
    [/^\/v1\/passkey-backups\/\{id\}/, '/v1/passkey-backups/5a5a5a5a-5a5a-4a5a-8a5a-5a5a5a5a5a5a'],
    [/^\/v1\/relays\/\{id\}/, `/v1/relays/${own.relay}`],
    [/^\/v1\/uploads\/\{id\}/, `/v1/uploads/${'0'.repeat(32)}`],
    [/^\/v1\/settlements\/\{number\}/, '/v1/settlements/1'],
    [/^\/v1\/trainers\/\{address\}/, `/v1/trainers/${people.trent.address}`],
    [/\{address\}/, alice.address],
  ]
  return ids.reduce((made, [pattern, id]) => made.replace(pattern, id), path)
}

async function ask(route: string, variant: string, role: Role): Promise<{ status: number; told: string }> {
  const [method = ''] = route.split(' ')
  const question = await QUESTIONS[`${route} ${variant}`.trim()]?.(role)
  const token = role === 'nobody' ? {} : { token: tokens[role] }
  const answer = await call(world, method, question?.path ?? pathOf(route), { ...token, ...question })
  // What answers a HEAD has no body to tell a code.
  if (method === 'HEAD' && answer.status >= 400) {
    const expected = MATRIX.find((row) => row.route === route)?.expected[role] ?? ''
    return {
      status: answer.status,
      told: statusOf(expected) === answer.status ? expected : String(answer.status),
    }
  }
  return { status: answer.status, told: word(answer.status, answer.body?.code) }
}

/** In the order in which nothing that a later one asks for is gone: those who may, last. */
const inOrder = (expected: Record<Role, string>) =>
  [...ROLES].sort((a, b) => Number(statusOf(expected[a]) < 300) - Number(statusOf(expected[b]) < 300))

describe('the table', () => {
  const rows = new Set(MATRIX.map(({ route }) => route))
  /** What Fastify adds of its own: HEAD beside each GET, asked below, and the files of the page /docs. */
  const isOwn = (route: string) => !/^HEAD /.test(route) && !/^GET \/docs\/./.test(route)

  it('has a line for every route of the OpenAPI document', async () => {
    const { body } = await call(world, 'GET', '/docs-json')
    const described = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.filter((route) => !rows.has(route))).toEqual([])
  })

  it('has a line for every route that the server itself has', () => {
    const log = readFileSync(join(world.facts.dataDir, 'logs/api.log'), 'utf8')
    const line = log.split('\n').find((text) => text.includes('"msg":"routes"')) ?? '{}'
    const routes = (JSON.parse(line).routes as string[]).map((route) => route.replace(/:(\w+)/g, '{$1}'))
    expect(routes.length).toBeGreaterThan(60)
    expect(routes.filter(isOwn).filter((route) => !rows.has(route))).toEqual([])
    const missing = [...rows].filter((route) => !routes.includes(route))
    expect(missing).toEqual([])
  })
})

describe.each(MATRIX)('$route $variant', ({ route, variant, expected }) => {
  it('answers each as the table has it', async () => {
    const told: Partial<Record<Role, string>> = {}
    for (const role of inOrder(expected)) {
      const answer = await ask(route, variant, role)
      told[role] = answer.told
      if (answer.told === expected[role]) expect(answer.status).toBe(statusOf(expected[role]))
    }
    expect(told).toEqual(expected)
  })
})

describe('beside the table', () => {
  const gets = MATRIX.filter(({ route }) => route.startsWith('GET '))

  it('HEAD is answered like GET, without a body', async () => {
    for (const { route, variant } of gets) {
      const question = await QUESTIONS[`${route} ${variant}`.trim()]?.('nobody')
      const path = question?.path ?? pathOf(route)
      const [get, head] = await Promise.all([call(world, 'GET', path), call(world, 'HEAD', path)])
      expect([route, head.status, head.body]).toEqual([route, get.status, ''])
    }
  })

  it('no other origin may read anything or is told that it may ask', async () => {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type',
    }
    for (const { route, variant } of MATRIX) {
      const question = await QUESTIONS[`${route} ${variant}`.trim()]?.('nobody')
      const path = question?.path ?? pathOf(route)
      const asked = await call(world, 'OPTIONS', path, { headers })
      expect([route, [204, 405].includes(asked.status)]).toEqual([route, true])
      for (const name of ['allow-origin', 'allow-methods', 'allow-headers', 'allow-credentials'])
        expect([route, name, asked.headers.get(`access-control-${name}`)]).toEqual([route, name, null])
    }
    for (const { route } of gets) {
      const answer = await call(world, 'GET', pathOf(route).replace('{cid}', own.cid), { headers })
      expect([route, answer.headers.get('access-control-allow-origin')]).toEqual([route, null])
    }
  })

  it('nothing is authorised by what a browser sends on its own', async () => {
    const closed = MATRIX.filter(({ expected }) => expected.nobody === '-')
    expect(closed.length).toBeGreaterThan(25)
    for (const { route, variant } of closed) {
      const question = await QUESTIONS[`${route} ${variant}`.trim()]?.('nobody')
      const ambient = {
        origin: world.api,
        referer: `${world.api}/`,
        'sec-fetch-site': 'same-origin',
        'x-forwarded-for': '127.0.0.1',
        authorization: `Basic ${btoa('alice:alice')}`,
      }
      const [method = ''] = route.split(' ')
      const answer = await call(world, method, question?.path ?? pathOf(route), {
        ...question,
        headers: { ...question?.headers, ...ambient },
      })
      expect([route, answer.status]).toEqual([route, 401])
    }
  })
})

describe('a custodian', () => {
  // Nothing there needs a session; what matters is signed.
  it.each(CUSTODIAN_ROUTES)('%s %s answers anybody with %s', async (method, path, expected) => {
    const body = method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}
    const response = await fetch(`${world.facts.custodians[0]?.endpoint}${path}`, { method, ...body })
    const text = await response.text()
    const code = text.startsWith('{') ? JSON.parse(text).code : undefined
    expect(word(response.status, code)).toBe(expected)
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })
})
