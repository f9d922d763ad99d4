import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex, StorageResource } from '@granary/protocol'
import { CarReader } from '@ipld/car'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { type KuboNode, kuboNode } from '../support/kubo.js'
import { type PinningService, pinningService } from '../support/pinning-service.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// Three real Kubo nodes: the operator's own, a second one, and one behind a pinning service that fetches over the IPFS
// network.

const PACE = {
  STORAGE_CHECK_INTERVAL_MS: '300',
  STORAGE_CHECK_PERIOD_SECONDS: '3',
  STORAGE_RETRY_SECONDS: '1',
  STORAGE_LOCATION_TIMEOUT_MS: '5000',
  STORAGE_LOCATION_ATTEMPTS: '2',
}

let nodes: KuboNode[] = []
let service: PinningService
let world: OwnWorld
let alice: Actor
let pool: number
const secrets = mkdtempSync(join(tmpdir(), 'granary-token-'))

beforeAll(async () => {
  nodes = [await kuboNode(), await kuboNode(), await kuboNode()]
  const [own, cellar, theirs] = nodes as [KuboNode, KuboNode, KuboNode]
  service = await pinningService(theirs)
  const token = join(secrets, 'token')
  writeFileSync(token, `${service.token}\n`, { mode: 0o600 })
  const locations = `cellar=kubo+${cellar.url} attic=pinning+${service.url}#${token}`
  const args = ['--port', '0', '--kubo', own.url]
  world = await startWorld({ args, env: { ...PACE, STORAGE_LOCATIONS: locations } })
  alice = await newContributor(world)
  pool = await world.createPool()
}, 240_000)
afterAll(async () => {
  await world?.end()
  await service?.close()
  for (const node of nodes) await node.remove()
  rmSync(secrets, { recursive: true, force: true })
})

const storage = async (id: Hex) =>
  (await (await fetch(`${world.api}/v1/datasets/${id}/storage`)).json()) as StorageResource
const content = async (id: Hex) =>
  Buffer.from(await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer())

async function contributed() {
  const terms = { pool, purposes: ['evaluation'] as const, expires: null }
  const { id, cid } = await contributeBytes(alice, randomBytes((1 << 20) + 70_000), terms)
  const car = await fetch(`${world.api}/ipfs/${cid}?format=car`)
  const cids: string[] = []
  for await (const each of (await CarReader.fromBytes(new Uint8Array(await car.arrayBuffer()))).cids())
    cids.push(each.toString())
  return { id, cid, cids, sealed: await content(id) }
}

/** What a careless hand does to a node. */
async function lose(node: KuboNode, cid: string, cids: string[]) {
  await node.rpc('pin/rm', { arg: cid })
  for (const each of cids) await node.rpc('block/rm', { arg: each, force: 'true' })
}

const copies = (id: Hex, number: number) =>
  waitFor(`${number} copies of ${id}`, async () => (await storage(id)).copies === number)
const repairedFrom = (id: Hex, location: string) =>
  waitFor(`a repair from ${location}`, async () => {
    const { state, history } = await storage(id)
    return (
      state === 'held' && history.some((event) => event.type === 'repaired' && event.location === location)
    )
  })

describe('a file', () => {
  it('is copied to another Kubo and pinned by a pinning service', async () => {
    const { id, cids } = await contributed()
    await copies(id, 3)
    for (const node of nodes) for (const cid of cids) expect(await node.has(cid)).toBe(true)
    const { locations } = await storage(id)
    expect(locations.map(({ location, kind, state }) => [location, kind, state])).toEqual([
      ['here', 'own', 'held'],
      ['attic', 'pinning', 'held'],
      ['cellar', 'kubo', 'held'],
    ])
    expect(JSON.stringify(await storage(id))).not.toContain(service.token)
  })

  it('is repaired from the other Kubo, and a copy that was lost there is made again', async () => {
    const { id, cid, cids, sealed } = await contributed()
    await copies(id, 3)
    await lose(nodes[0]!, cid, cids)
    await repairedFrom(id, 'cellar')
    expect((await content(id)).equals(sealed)).toBe(true)
    expect((await nodes[0]!.rpc('pin/ls', { arg: cid })).ok).toBe(true)
    await lose(nodes[1]!, cid, cids)
    await waitFor('the copy', async () =>
      (await storage(id)).history.some(({ type }) => type === 'copy-missing'),
    )
    await copies(id, 3)
    for (const each of cids) expect(await nodes[1]!.has(each)).toBe(true)
  })

  it('is repaired over the IPFS network from the pinning service, while the other Kubo is away', async () => {
    const { id, cid, cids, sealed } = await contributed()
    await copies(id, 3)
    await nodes[1]!.stop()
    await lose(nodes[0]!, cid, cids)
    await repairedFrom(id, 'attic')
    expect((await content(id)).equals(sealed)).toBe(true)
    await nodes[1]!.start()
    await copies(id, 3)
  })

  it('is erased in all three, once the one that was away is back', async () => {
    const { id, cid, cids } = await contributed()
    await copies(id, 3)
    await nodes[1]!.stop()
    await alice.client.datasets.withdraw(id)
    await alice.client.datasets.erase(id)
    await waitFor('the erasure here', async () => !(await nodes[0]!.has(cids[0]!)))
    await waitFor('word of the cellar', async () =>
      (await storage(id)).locations.some((copy) => copy.location === 'cellar' && copy.state === 'failing'),
    )
    expect((await storage(id)).erasure?.state).toBe('erasing')
    await nodes[1]!.start()
    await waitFor('the erasure', async () => (await storage(id)).erasure?.state === 'erased')
    for (const node of nodes) for (const each of cids) expect(await node.has(each)).toBe(false)
    expect([...service.pins.values()].filter((pin) => pin.pin.cid === cid)).toEqual([])
    const { locations } = await storage(id)
    expect(locations.map(({ state }) => state)).toEqual(['erased', 'erased', 'erased'])
  })
})
