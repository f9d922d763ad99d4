import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, newContributor, newStranger } from '../support/actors.js'
import { call, refusal, signIn } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

const world = sharedWorld()
let alice: Actor
let mallory: Actor

beforeAll(async () => {
  alice = await newContributor(world)
  mallory = await newStranger(world)
})

async function textFor(actor: Actor): Promise<string> {
  const { body } = await call(world, 'POST', '/v1/auth/nonce', { body: { address: actor.address } })
  return body.message
}

async function present(message: unknown, signer: Actor, signed?: string) {
  const signature = await signer.wallet.signMessage(signed ?? String(message))
  return call(world, 'POST', '/v1/auth/session', { body: { message, signature } })
}

describe('POST /v1/auth/nonce', () => {
  it('refuses what is no address, or one with a wrong checksum', async () => {
    const wrong = '0x70997970c51812dc3A010C7d01b50e0d17dc79C8'
    for (const address of ['', 'alice', '0x12', wrong]) {
      const answer = await call(world, 'POST', '/v1/auth/nonce', { body: { address } })
      expect(refusal(answer)).toBe('400 VALIDATION_FAILED')
    }
  })

  it('refuses a uri on another site', async () => {
    const body = { address: alice.address, uri: 'https://evil.example/login' }
    expect(refusal(await call(world, 'POST', '/v1/auth/nonce', { body }))).toBe('401 SIWE_DOMAIN_MISMATCH')
  })

  it('gives a text for the configured site and chain, whatever Host says', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    const { body } = await call(world, 'POST', '/v1/auth/nonce', {
      body: { address: alice.address },
      headers,
    })
    expect(body.message.startsWith(`${new URL(world.api).host} wants you to sign in`)).toBe(true)
    expect(body.message).toContain(`Chain ID: ${world.deployment.chainId}`)
    expect(body.message).toContain(`Nonce: ${body.nonce}`)
  })
})

describe('POST /v1/auth/session', () => {
  it('refuses a sign-in that was used before', async () => {
    const message = await textFor(alice)
    expect((await present(message, alice)).status).toBe(201)
    expect(refusal(await present(message, alice))).toBe('401 NONCE_UNKNOWN')
  })

  it('lets two attempts at once in only one time', async () => {
    const message = await textFor(alice)
    const answers = await Promise.all(Array.from({ length: 5 }, () => present(message, alice)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 401, 401, 401, 401])
  })

  it('refuses a nonce that nobody gave out, or that was given to somebody else', async () => {
    const message = await textFor(alice)
    const made = message.replace(/Nonce: \w+/, 'Nonce: 0123456789abcdef0123456789abcdef')
    expect(refusal(await present(made, alice))).toBe('401 NONCE_UNKNOWN')
    const hers = (await textFor(alice)).replace(alice.address, mallory.address)
    expect(refusal(await present(hers, mallory))).toBe('401 NONCE_UNKNOWN')
  })

  it('refuses a signature of somebody else, and the nonce is spent by that', async () => {
    const message = await textFor(alice)
    expect(refusal(await present(message, mallory))).toBe('422 SIGNATURE_INVALID')
    expect(refusal(await present(message, alice))).toBe('401 NONCE_UNKNOWN')
  })

  it('refuses a text for another site, also one with only another uri', async () => {
    const message = await textFor(alice)
    const host = new URL(world.api).host
    const elsewhere = message.replace(host, 'evil.example')
    expect(refusal(await present(elsewhere, alice))).toBe('401 SIWE_DOMAIN_MISMATCH')
    const uri = message.replace(`URI: http://${host}`, 'URI: https://evil.example')
    expect(refusal(await present(uri, alice))).toBe('401 SIWE_DOMAIN_MISMATCH')
  })

  it('refuses a text for another chain', async () => {
    const message = (await textFor(alice)).replace(/Chain ID: \d+/, 'Chain ID: 1')
    expect(refusal(await present(message, alice))).toBe('401 SIWE_CHAIN_MISMATCH')
  })

  it('refuses a text that has expired, is from the future, or never expires', async () => {
    const past = (await textFor(alice)).replace(
      /Expiration Time: .*/,
      'Expiration Time: 2020-01-01T00:00:00.000Z',
    )
    expect(refusal(await present(past, alice))).toBe('401 SIWE_EXPIRED')
    const future = (await textFor(alice)).replace(/Issued At: .*/, 'Issued At: 2090-01-01T00:00:00.000Z')
    expect(refusal(await present(future, alice))).toBe('401 SIWE_EXPIRED')
    const never = (await textFor(alice)).replace(/\nExpiration Time: .*/, '')
    expect(refusal(await present(never, alice))).toBe('401 SIWE_EXPIRED')
  })

  it.each([
    ['nonce', /\nNonce: \w+/],
    ['issued-at', /\nIssued At: [^\n]*/],
    ['uri', /\nURI: [^\n]*/],
    ['chain id', /\nChain ID: \d+/],
    ['version', /\nVersion: 1/],
    ['domain', /^\S+ /],
    ['everything', /[\s\S]*/],
  ])('refuses a text without its %s', async (_, part) => {
    const message = (await textFor(alice)).replace(part, '')
    expect(refusal(await present(message, alice))).toBe('400 SIWE_MALFORMED')
  })

  it('refuses an object in place of the text', async () => {
    const message = { domain: new URL(world.api).host, address: alice.address, version: '1', chainId: 31337 }
    expect(refusal(await present(message, alice, JSON.stringify(message)))).toBe('400 VALIDATION_FAILED')
  })

  it('sets a cookie that scripts and other sites do not get', async () => {
    const answer = await present(await textFor(alice), alice)
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^granary_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})

describe('a session', () => {
  it('is asked for by bearer token or cookie, and ends when signed out', async () => {
    const token = await signIn(world, alice.wallet)
    const cookie = { cookie: `granary_session=${token}` }
    expect((await call(world, 'GET', '/v1/auth/session', { headers: cookie })).body.address).toBe(
      alice.address,
    )
    expect((await call(world, 'DELETE', '/v1/auth/session', { token })).status).toBe(204)
    expect(refusal(await call(world, 'GET', '/v1/auth/session', { token }))).toBe('401 UNAUTHENTICATED')
  })

  it('is not taken from a cookie when another site makes the browser send it', async () => {
    const token = await signIn(world, alice.wallet)
    const headers = { cookie: `granary_session=${token}`, origin: 'https://evil.example' }
    expect(refusal(await call(world, 'DELETE', '/v1/auth/session', { headers }))).toBe('403 FORBIDDEN')
    expect((await call(world, 'GET', '/v1/auth/session', { token })).status).toBe(200)
  })

  it.each(['', 'Bearer ', 'Bearer x', `Bearer ${'a'.repeat(43)}`, 'Basic abc'])(
    'is not "%s"',
    async (authorization) => {
      const answer = await call(world, 'GET', '/v1/auth/session', { headers: { authorization } })
      expect(refusal(answer)).toBe('401 UNAUTHENTICATED')
    },
  )
})
