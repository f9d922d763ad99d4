import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newTrainer,
  sha256,
} from '../support/actors.js'
import { balanceOf, codeOf, spentOf } from '../support/releases.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// Two of three custodians are needed for everything, and never a third.

const secret = new TextEncoder().encode('two of three')
let world: OwnWorld
let alice: Actor
let trent: Actor
let dataset: Hex

const open = async () =>
  (
    await trent.client.requests.open({
      pool: 1,
      purposes: ['evaluation'],
      recipient: trent.recipient,
      datasets: [dataset],
    })
  ).request
const fetchFiles = (request: Hex) =>
  trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })

beforeAll(async () => {
  world = await startWorld()
  alice = await newContributor(world)
  trent = await newTrainer(world)
  dataset = (await contributeBytes(alice, secret, { pool: 1, purposes: ['evaluation'], expires: null })).id
}, 240_000)

afterAll(() => world?.end(), 90_000)

describe('with one custodian stopped', () => {
  beforeAll(() => world.stop('custodian2'))

  it('contributing, requesting and fetching work', async () => {
    const { id } = await contributeBytes(alice, secret, { pool: 1, purposes: ['pretraining'], expires: null })
    expect(id).toMatch(/^0x/)
    const { files, failed } = await fetchFiles(await open())
    expect(failed).toEqual([])
    expect(files).toMatchObject([{ dataset, sha256: sha256(secret) }])
  })

  it('settling and claiming work', async () => {
    await waitFor('a reward', async () => {
      await trent.client.settle()
      return BigInt((await alice.client.rewards.get(alice.address)).claimable) > 0n
    })
    const { amount } = await alice.client.rewards.claim(alice.address)
    expect(await balanceOf(world, alice.address)).toBe(amount)
  })
})

describe('with two custodians stopped', () => {
  let request: Hex
  beforeAll(async () => {
    request = await open()
    await world.stop('custodian1')
  })

  it('a release fails with a clear error, and nothing is charged', async () => {
    expect(await codeOf(fetchFiles(request))).toBe('CUSTODIANS_UNAVAILABLE')
    await codeOf(trent.client.settle())
    expect(await spentOf(world, request)).toBe(0n)
    expect(await trent.client.requests.get(request)).toMatchObject({ status: 'open', spent: '0' })
  })

  it('the same request succeeds when they are back', async () => {
    await world.startStopped()
    const { files, failed } = await fetchFiles(request)
    expect(failed).toEqual([])
    expect(files).toMatchObject([{ dataset, sha256: sha256(secret) }])
    await waitFor('its settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, request)) > 0n
    })
  })
})
