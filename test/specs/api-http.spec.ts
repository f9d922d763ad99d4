import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { computeCid } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { contributeBytes, newContributor } from '../support/actors.js'
import { call, refusal } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

const world = sharedWorld()

describe('a refusal', () => {
  it('is an RFC 9457 document with a code, the request’s id and no stack', async () => {
    const answer = await call(world, 'GET', '/v1/nowhere', { headers: { 'x-request-id': 'my-own-id-1' } })
    expect(refusal(answer)).toBe('404 NOT_FOUND')
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.headers.get('x-request-id')).toBe('my-own-id-1')
    expect(answer.body.instance).toBe('urn:granary:request:my-own-id-1')
    expect(JSON.stringify(answer.body)).not.toMatch(/at .*\.js/)
  })

  it('never repeats an id that could be something else in a log', async () => {
    const answer = await call(world, 'GET', '/healthz', { headers: { 'x-request-id': 'x'.repeat(500) } })
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each<[string, string, Record<string, string>, string]>([
    ['no JSON', '{"address":', {}, '400 MALFORMED_JSON'],
    ['nothing', '', {}, '400 MALFORMED_JSON'],
    ['poison for prototypes', '{"__proto__":{"admin":true},"address":"x"}', {}, '400 MALFORMED_JSON'],
    ['another type', 'address=1', { 'content-type': 'text/xml' }, '415 UNSUPPORTED_MEDIA_TYPE'],
    ['more than a megabyte', JSON.stringify({ address: 'a'.repeat(1_100_000) }), {}, '413 BODY_TOO_LARGE'],
    ['JSON nested deeply', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, {}, '400 MALFORMED_JSON'],
  ])('answers a body of %s', async (_, body, headers, expected) => {
    expect(refusal(await call(world, 'POST', '/v1/auth/nonce', { body, headers }))).toBe(expected)
  })

  it('names every field at fault', async () => {
    const { body } = await call(world, 'POST', '/v1/auth/session', { body: { signature: 7 } })
    expect(body.errors.map((each: { path: string }) => each.path).sort()).toEqual(['message', 'signature'])
  })

  it('survives what is no HTTP at all', async () => {
    const { hostname, port } = new URL(world.api)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end('\0\0\0 hello\r\n\r\n'))
      socket.on('close', () => resolve()).on('error', () => {})
      socket.resume()
    })
    expect((await call(world, 'GET', '/healthz')).body).toEqual({ status: 'ok' })
  })
})

describe('GET /ipfs/{cid}', () => {
  it('gives single raw blocks, which the asker checks', async () => {
    const alice = await newContributor(world)
    const pool = await world.createPool()
    const { cid } = await contributeBytes(alice, new Uint8Array(10), {
      pool,
      purposes: ['evaluation'],
      expires: null,
    })
    const response = await fetch(`${world.api}/ipfs/${cid}?format=raw`)
    expect(response.headers.get('content-type')).toBe('application/vnd.ipld.raw')
    expect(response.headers.get('cache-control')).toMatch(/immutable/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
    expect((await computeCid([new Uint8Array(await response.arrayBuffer())])).cid).toBe(cid)
  })

  it('has no block that nobody brought, and no path that is no CID', async () => {
    const { cid } = await computeCid([new TextEncoder().encode(`${Math.random()}`)])
    for (const nowhere of [cid, 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'])
      expect(refusal(await call(world, 'GET', `/ipfs/${nowhere}?format=raw`))).toBe('404 BLOCK_UNKNOWN')
    for (const bad of ['QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPb', '..%2f..%2fnetwork.json', 'x'])
      expect(refusal(await call(world, 'GET', `/ipfs/${bad}?format=raw`))).toBe('400 CID_INVALID')
  })
})

describe('the web app', () => {
  it('comes with a policy that allows its own files and nothing inline', async () => {
    const { status, headers, body } = await call(world, 'GET', '/', { headers: { accept: 'text/html' } })
    expect(status).toBe(200)
    expect(body).toMatch(/<html/i)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-inline')
    expect(policy).not.toMatch(/'unsafe-eval'/)
  })

  it.each([
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/.stamp',
    '/assets/..%2f..%2f.stamp',
    '/%00',
  ])('is not a way to %s', async (path) => {
    expect(refusal(await call(world, 'GET', path))).toBe('404 NOT_FOUND')
  })
})

describe('operations', () => {
  it('tell health, readiness, metrics and the API’s description', async () => {
    expect((await call(world, 'GET', '/readyz')).body).toEqual({ status: 'ok' })
    expect((await call(world, 'GET', '/metrics')).body).toContain('granary_feed_block')
    const { body } = await call(world, 'GET', '/docs-json')
    expect(body.openapi).toMatch(/^3\.1/)
    const routes = Object.keys(body.paths)
    for (const route of [
      '/v1/datasets',
      '/v1/access-requests/{id}/releases/shares',
      '/v1/rewards/{address}/claims',
    ])
      expect(routes).toContain(route)
    const contributed = body.paths['/v1/datasets'].post.requestBody.content['application/json'].schema
    expect(JSON.stringify(contributed)).toContain('contribution')
    expect((await call(world, 'GET', '/docs')).status).toBe(200)
  })

  it('show the network for display', async () => {
    const { body } = await call(world, 'GET', '/v1/network')
    expect(body).toMatchObject({ chainId: 31337, development: true, deployment: world.deployment })
    expect(body.committee).toMatchObject({
      threshold: 2,
      members: [{ index: 1 }, { index: 2 }, { index: 3 }],
    })
    expect(body.token).toEqual({ symbol: 'gUSD', decimals: 18 })
  })
})

describe('the database', () => {
  const adapter = new PrismaPg({ connectionString: world.facts.databaseUrl, max: 1 }).connect()
  beforeAll(() => adapter)
  afterAll(async () => (await adapter).dispose())

  const query = async (sql: string) =>
    (await (await adapter).queryRaw({ sql, args: [], argTypes: [] })).rows as string[][]

  it('has every migration, under the checksum of its file', async () => {
    const folder = join(
      import.meta.dirname ?? new URL('.', import.meta.url).pathname,
      '../../prisma/migrations',
    )
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const expected = files.map(({ name }) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'))
      return [name, createHash('sha256').update(sql).digest('hex')]
    })
    const applied = await query('SELECT "migration_name", "checksum" FROM "_prisma_migrations" ORDER BY 1')
    expect(applied).toEqual(expected.sort())
  })

  it('keeps no token of a session and no key', async () => {
    const tables = await query(`SELECT string_agg("tokenHash", ' ') FROM "Session"`)
    expect(String(tables[0]?.[0] ?? '')).toMatch(/^([0-9a-f]{64} ?)*$/)
  })
})
