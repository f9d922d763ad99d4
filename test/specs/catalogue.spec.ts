import type { DatasetFacets, Hex } from '@granary/protocol'
import type { Granary } from '@granary/sdk'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { commandLine } from '../support/command-line.js'
import { type Replica, startReplica } from '../support/replica.js'
import { call, refusal } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

// The catalogue, for whoever looks for data: words, filters, orders, and how many there are of what.

const world = sharedWorld()
let alice: Actor
let pool: number
let other: number
const ids: Record<string, Hex> = {}

const FILES = [
  { name: 'École à Montréal', type: 'text/csv', size: 10, purposes: ['evaluation'] },
  { name: 'steps_2024.week', type: 'application/json', size: 9_999, purposes: ['evaluation', 'commercial'] },
  { name: 'Sleep diary', type: 'text/csv', size: 10_000, purposes: ['retrieval'], ask: true },
  { name: 'photo', type: 'image/png', size: 20, purposes: ['evaluation'] },
] as const

beforeAll(async () => {
  alice = await newContributor(world)
  pool = await world.createPool()
  other = await world.createPool()
  for (const { name, type, size, ...terms } of FILES) {
    const given = { ...terms, pool, name, type, expires: null, purposes: [...terms.purposes] as never }
    ids[name] = (await contributeBytes(alice, new Uint8Array(size), given)).id
  }
  const terms = { pool: other, purposes: ['evaluation'] as never, expires: null, name: 'elsewhere' }
  ids.elsewhere = (await contributeBytes(alice, new Uint8Array(5), terms)).id
}, 240_000)

const names = async (query: string) => {
  const { body } = await call(world, 'GET', `/v1/datasets?owner=${alice.address}&${query}`)
  const known = new Map(Object.entries(ids).map(([name, id]) => [id, name]))
  return body.items.map(({ id }: { id: Hex }) => known.get(id)) as string[]
}
const facets = async (query: string) =>
  (await call(world, 'GET', `/v1/datasets/facets?owner=${alice.address}&${query}`)).body as DatasetFacets

describe('GET /v1/datasets?q', () => {
  it.each([
    ['q=', 5],
    ['q=%20%20', 5],
    ['q=!!!', 0],
    ["q=' OR TRUE --", 0],
    ['q=a:*%26b|!c', 0],
    ['q=%00', 0],
  ])('takes %s as words and nothing else', async (query, found) => {
    const answer = await call(world, 'GET', `/v1/datasets?owner=${alice.address}&${query}`)
    expect([answer.status, answer.body.items?.length]).toEqual([200, found])
  })

  it.each([
    ['q=montreal', ['École à Montréal']],
    ['q=ÉCOLE', ['École à Montréal']],
    ['q=eco mon', ['École à Montréal']],
    ['q=ecole sleep', []],
    ['q=2024', ['steps_2024.week']],
    ['q=week', ['steps_2024.week']],
    ['q=s', ['Sleep diary', 'steps_2024.week']],
    [`q=${'word '.repeat(40)}`, []],
  ])('finds by %s', async (query, found) => {
    expect(await names(query)).toEqual(found)
  })

  it('refuses more than two hundred characters', async () => {
    expect((await call(world, 'GET', `/v1/datasets?q=${'a'.repeat(200)}`)).status).toBe(200)
    const answer = await call(world, 'GET', `/v1/datasets?q=${'a'.repeat(201)}`)
    expect(refusal(answer)).toBe('400 VALIDATION_FAILED')
  })
})

describe('GET /v1/datasets, narrowed', () => {
  it.each([
    'format=exe',
    'format=csv,',
    'ask=maybe',
    'status=gone',
    'minSize=-1',
    'maxSize=1e400',
    'since=yesterday',
    'before=2026-02-30',
    'sort=best',
  ])('refuses ?%s', async (query) => {
    expect(refusal(await call(world, 'GET', `/v1/datasets?${query}`))).toBe('400 VALIDATION_FAILED')
  })

  it.each([
    [`format=csv&pool=PAIR`, ['Sleep diary', 'École à Montréal']],
    ['format=json,image', ['photo', 'steps_2024.week']],
    ['ask=yes', ['Sleep diary']],
    ['minSize=9999&maxSize=10000', ['steps_2024.week']],
    ['purposes=commercial', ['steps_2024.week']],
    ['status=withdrawn', []],
    ['before=2020-01-01', []],
  ])('by %s', async (query, found) => {
    expect(await names(query.replace('PAIR', String(pool)))).toEqual(found)
  })

  it.each([
    ['newest', ['elsewhere', 'photo', 'Sleep diary', 'steps_2024.week', 'École à Montréal']],
    ['oldest', ['École à Montréal', 'steps_2024.week', 'Sleep diary', 'photo', 'elsewhere']],
    ['largest', ['Sleep diary', 'steps_2024.week', 'photo', 'École à Montréal', 'elsewhere']],
    ['smallest', ['elsewhere', 'École à Montréal', 'photo', 'steps_2024.week', 'Sleep diary']],
  ])('%s first, page by page', async (sort, found) => {
    const seen: string[] = []
    let cursor = ''
    do {
      const query = `sort=${sort}&limit=2${cursor ? `&cursor=${cursor}` : ''}`
      seen.push(...(await names(query)))
      cursor = (await call(world, 'GET', `/v1/datasets?owner=${alice.address}&${query}`)).body.next
    } while (cursor)
    expect(seen).toEqual(found)
  })

  it('refuses the cursor of another order', async () => {
    const base = `/v1/datasets?owner=${alice.address}&limit=1`
    const { body } = await call(world, 'GET', base)
    expect(refusal(await call(world, 'GET', `${base}&sort=largest&cursor=${body.next}`))).toBe(
      '400 CURSOR_INVALID',
    )
  })
})

describe('GET /v1/datasets/facets', () => {
  it('counts each further choice, and what was chosen as if it was not yet', async () => {
    const all = await facets('')
    expect(all.total).toBe(5)
    expect(all.pools).toEqual([
      { pool, count: 4 },
      { pool: other, count: 1 },
    ])
    const { purposes } = all
    expect(purposes.find(({ purpose }) => purpose === 'evaluation')?.count).toBe(4)
    expect(all.ask).toEqual([
      { ask: 'yes', count: 1 },
      { ask: 'no', count: 4 },
    ])
    expect(all.sizes.map(({ count }) => count)).toEqual([4, 1, 0, 0, 0])

    const csv = await facets('format=csv')
    expect(csv.total).toBe(2)
    expect(csv.formats.find(({ format }) => format === 'image')?.count).toBe(1)
    expect(csv.pools).toEqual([{ pool, count: 2 }])
    expect(csv.ask.map(({ count }) => count)).toEqual([1, 1])
    expect((await facets('q=montreal')).total).toBe(1)
  })

  it('refuses what the list refuses', async () => {
    expect(refusal(await call(world, 'GET', '/v1/datasets/facets?purposes=all'))).toBe('400 PURPOSE_UNKNOWN')
    expect(refusal(await call(world, 'GET', '/v1/datasets/facets?format=exe'))).toBe('400 VALIDATION_FAILED')
  })
})

describe('what facets count', () => {
  let few: Replica
  beforeAll(async () => {
    few = await startReplica(world, { FACET_DATASETS: '4' })
  })
  afterAll(() => few?.stop(), 30_000)

  it('ends at FACET_DATASETS, and says so', async () => {
    const count = async (query: string) =>
      (await call(few.world, 'GET', `/v1/datasets/facets?owner=${alice.address}&${query}`)).body
    expect(await count('')).toMatchObject({ total: 4, limit: 4 })
    expect(await count(`pool=${pool}`)).toMatchObject({ total: 4, limit: 4 })
    expect(await count('format=csv')).toMatchObject({ total: 2, limit: 4 })
  })
})

describe('by SDK and command', () => {
  const cli = commandLine(world)
  afterAll(() => cli.remove())

  it('search, narrow and count', async () => {
    const client: Granary = alice.client
    const found: string[] = []
    const filter = { owner: alice.address, formats: ['csv' as const], ask: false }
    for await (const { id } of client.datasets.list(filter, 'largest')) found.push(id)
    expect(found).toEqual([ids['École à Montréal']])
    expect((await client.datasets.facets(filter)).total).toBe(1)
    const { json } = await cli.run(
      alice.wallet.privateKey,
      ...['datasets', 'list', '--search', 'montreal', '--format', 'csv', '--sort', 'oldest'],
    )
    expect(json.datasets.map(({ id }: { id: string }) => id)).toEqual(found)
    const wrong = await cli.run(alice.wallet.privateKey, 'datasets', 'list', '--sort', 'best')
    expect(wrong.json.error.code).toBe('USAGE')
  })
})
