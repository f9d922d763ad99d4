import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newContributor } from '../support/actors.js'
import { type Replica, startReplica } from '../support/replica.js'
import { type Answer, call, refusal, signIn } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

// How many requests a minute, by address and by account. One API stands behind a proxy, so that one machine can be many
// addresses; the other one does not, and believes nobody.

/** As many addresses or accounts as are counted by each limit at once. */
const KEYS = 200
const LIMITS = { calls: 40, account: 12, signIn: 8, gateway: 60 }
const env = {
  RATE_LIMIT_PER_MINUTE: String(LIMITS.calls),
  ACCOUNT_RATE_LIMIT_PER_MINUTE: String(LIMITS.account),
  SIGN_IN_RATE_LIMIT_PER_MINUTE: String(LIMITS.signIn),
  GATEWAY_RATE_LIMIT_PER_MINUTE: String(LIMITS.gateway),
  RATE_LIMIT_KEYS: String(KEYS),
}
const world = sharedWorld()
let behind: Replica
let bare: Replica

beforeAll(async () => {
  behind = await startReplica(world, { ...env, TRUST_PROXY: '1' })
  bare = await startReplica(world, env)
})
afterAll(async () => {
  await behind?.stop()
  await bare?.stop()
})

let last = 0
/** An address that nobody had before. */
const anyone = () => `198.51.100.${++last}`

/** A request through the proxy, which says where it came from. */
const from = (address: string, path = '/v1/pools', method = 'GET', more: Parameters<typeof call>[3] = {}) =>
  call(behind.world, method, path, { ...more, headers: { 'x-forwarded-for': address, ...more.headers } })

/** How many requests are answered before the first 429, which is returned. */
async function until429(
  ask: () => Promise<Answer>,
  most = 200,
): Promise<{ passed: number; refused: Answer }> {
  for (let passed = 0; passed < most; passed++) {
    const answer = await ask()
    if (answer.status === 429) return { passed, refused: answer }
  }
  throw new Error(`${most} requests were answered`)
}

describe('an address', () => {
  it('may ask as often as is allowed, and is told when to come again', async () => {
    const address = anyone()
    const first = await from(address)
    expect(Number(first.headers.get('ratelimit-limit'))).toBe(LIMITS.calls)
    expect(Number(first.headers.get('ratelimit-remaining'))).toBe(LIMITS.calls - 1)
    const { passed, refused } = await until429(() => from(address))
    expect(passed).toBe(LIMITS.calls - 1)
    expect(refusal(refused)).toBe('429 TOO_MANY_REQUESTS')
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
    expect(refused.headers.get('ratelimit-remaining')).toBe('0')
    expect((await from(anyone())).status).toBe(200)
  })

  it('of IPv6 is counted by its network', async () => {
    let host = 0
    const { passed } = await until429(() => from(`2001:db8:7:7::${(++host).toString(16)}`))
    expect(passed).toBe(LIMITS.calls)
    expect((await from('2001:db8:7:8::1')).status).toBe(200)
    expect((await from('::ffff:198.51.100.250')).status).toBe(200)
  })

  it('has one count for calls, documentation, metrics and readiness; another for blocks and pages; none for health', async () => {
    const address = anyone()
    const paths = ['/v1/pools', '/docs-json', '/metrics', '/readyz', '/v1/network']
    let turn = 0
    const { passed } = await until429(() => from(address, paths[turn++ % paths.length]))
    expect(passed).toBe(LIMITS.calls)
    const files = ['/', '/ipfs/x?format=raw', '/favicon.ico']
    const { passed: read } = await until429(() => from(address, files[turn++ % files.length]))
    expect(read).toBe(LIMITS.gateway)
    for (let i = 0; i < 5; i++) expect((await from(address, '/healthz')).status).toBe(200)
  })

  it('may begin and end few sign-ins', async () => {
    const address = anyone()
    const alice = await newContributor(world)
    const body = { address: alice.address }
    const begin = () => from(address, '/v1/auth/nonce', 'POST', { body })
    const end = () => from(address, '/v1/auth/session', 'POST', { body: { message: 'x', signature: '0x' } })
    let turn = 0
    const { passed, refused } = await until429(() => (turn++ % 2 === 0 ? begin() : end()))
    expect(passed).toBe(LIMITS.signIn)
    expect(Number(refused.headers.get('ratelimit-limit'))).toBe(LIMITS.signIn)
    expect((await from(address)).status).toBe(200)
    expect((await from(anyone(), '/v1/auth/nonce', 'POST', { body })).status).toBe(200)
  })
})

describe('an account', () => {
  it('may ask as often as is allowed, from as many addresses as it likes', async () => {
    const [alice, anna] = [await newContributor(world), await newContributor(world, 'Anna')]
    const token = await signIn(world, alice.wallet)
    const asked = () => from(anyone(), '/v1/auth/session', 'GET', { token })
    const { passed, refused } = await until429(asked)
    expect(passed).toBe(LIMITS.account)
    expect(Number(refused.headers.get('ratelimit-limit'))).toBe(LIMITS.account)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    const another = await signIn(world, alice.wallet)
    expect((await from(anyone(), '/v1/auth/session', 'GET', { token: another })).status).toBe(429)
    const annas = await signIn(world, anna.wallet)
    expect((await from(anyone(), '/v1/auth/session', 'GET', { token: annas })).status).toBe(200)
  })

  it('has its uploads counted, too', async () => {
    const alice = await newContributor(world)
    const token = await signIn(world, alice.wallet)
    const headers = { 'tus-resumable': '1.0.0' }
    const asked = () => from(anyone(), `/v1/uploads/${'0'.repeat(32)}`, 'DELETE', { token, headers })
    const { passed, refused } = await until429(asked)
    expect([passed, refusal(refused)]).toEqual([LIMITS.account, '429 TOO_MANY_REQUESTS'])
  })
})

describe('the addresses that are counted', () => {
  it('are so many and no more: one is forgotten once as many others came since, and not before', async () => {
    const address = anyone()
    await until429(() => from(address))
    let other = 0
    const others = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const network = (++other).toString(16)
        expect((await from(`2001:db8:a:${network}::1`)).status).toBe(200)
      }
    }
    await others(KEYS - 1)
    expect((await from(address)).status).toBe(429)
    await others(KEYS)
    expect((await from(address)).status).toBe(200)
  })
})

describe('Mallory', () => {
  it('gains nothing by naming other addresses where no proxy is trusted', async () => {
    let turn = 0
    const spoofed = () => {
      const address = `203.0.113.${++turn}`
      const headers = {
        'x-forwarded-for': address,
        forwarded: `for=${address}`,
        'x-real-ip': address,
        'cf-connecting-ip': address,
      }
      return call(bare.world, 'GET', '/v1/pools', { headers })
    }
    expect((await until429(spoofed)).passed).toBe(LIMITS.calls)
  })

  it('gains nothing by naming other addresses before the one that the proxy names', async () => {
    const address = anyone()
    let turn = 0
    const spoofed = () => from(`203.0.113.${++turn}, 10.0.0.${turn}, ${address}`)
    expect((await until429(spoofed)).passed).toBe(LIMITS.calls)
  })

  it('gains nothing by naming what is no address', async () => {
    let turn = 0
    expect((await until429(() => from(`nonsense-${++turn}`))).passed).toBeLessThanOrEqual(LIMITS.calls)
  })
})
