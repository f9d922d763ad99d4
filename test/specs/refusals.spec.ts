import { setTimeout as sleep } from 'node:timers/promises'
import type { Hex } from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, memorySink, newTrainer } from '../support/actors.js'
import { PRICE, type Stage, setStage } from '../support/refusals.js'
import { balanceOf, codeOf, openRaw, revertOf, spentOf } from '../support/releases.js'
import { sharedWorld, waitFor } from '../support/world.js'

// What consent, approval and price forbid: each refused with its own code, by every program that could do it, and
// without a trace. Orders and shares are in refusals-orders.spec.ts, sealed files in refusals-files.spec.ts.

const world = sharedWorld()
const text = (words: string) => new TextEncoder().encode(words)
let { pool, alice, mallory, trent, aDataset, anOrder, refuses } = {} as Stage
beforeAll(async () => {
  ;({ pool, alice, mallory, trent, aDataset, anOrder, refuses } = await setStage(world))
})

describe('consent', () => {
  it('without the purpose asked: no proposal names the dataset, no custodian releases it', async () => {
    const dataset = await aDataset({ purposes: ['evaluation'] })
    const wish = { pool, purposes: ['fine-tuning'], datasets: [dataset.id as Hex] }
    expect(await codeOf(trent.client.requests.propose(wish))).toBe('CONSENT_PURPOSE_MISSING')
    const { request, order } = await anOrder([dataset], trent, ['fine-tuning'])
    await refuses(await order(), 'CONSENT_PURPOSE_MISSING', request)
  })

  it('without the condition asked', async () => {
    const { request, order } = await anOrder([await aDataset()], trent, ['evaluation', 'commercial'])
    await refuses(await order(), 'CONSENT_PURPOSE_MISSING', request)
  })

  it('that has expired', async () => {
    const dataset = await aDataset()
    const { request, order } = await anOrder([dataset])
    // Last, so that nothing but this change has to be on chain by then.
    const expires = new Date(Date.now() + 12_000)
    const consent = { purposes: ['evaluation'], expires, ask: false }
    await alice.client.datasets.updateConsent(dataset.id as Hex, consent)
    await sleep(Math.max(0, expires.getTime() - Date.now() + 1_000))
    await refuses(await order(), 'CONSENT_EXPIRED', request)
    expect((await alice.client.datasets.get(dataset.id as Hex)).status).toBe('expired')
  })

  it('that was withdrawn after the request was paid', async () => {
    const dataset = await aDataset()
    const { request, order } = await anOrder([dataset])
    await alice.client.datasets.withdraw(dataset.id as Hex)
    await refuses(await order(), 'CONSENT_WITHDRAWN', request)
    const change = { purposes: ['evaluation'], expires: null, ask: false }
    expect(await codeOf(alice.client.datasets.updateConsent(dataset.id as Hex, change))).toBe(
      'DATASET_WITHDRAWN',
    )
  })

  it('of a dataset in another pool', async () => {
    const elsewhere = await world.createPool({ price: PRICE })
    const { id } = await contributeBytes(alice, text('elsewhere'), {
      pool: elsewhere,
      purposes: ['evaluation'],
      expires: null,
    })
    const { request, order } = await anOrder([await alice.client.datasets.get(id)])
    await refuses(await order(), 'DATASET_OTHER_POOL', request)
  })

  it('changed by somebody who is not the owner', async () => {
    const { id } = await aDataset()
    expect(await codeOf(mallory.client.datasets.withdraw(id as Hex))).toBe('NOT_OWNER')
    expect((await alice.client.datasets.get(id as Hex)).status).toBe('active')
  })
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
  })

  it('who is no longer approved, or suspended, gets no release for what is already paid', async () => {
    const ted = await newTrainer(world, { name: 'Ted' })
    const { request, order } = await anOrder([await aDataset()], ted)
    await world.council.client.council.setSuspended(ted.address, true)
    await refuses(await order(), 'TRAINER_IS_SUSPENDED', request)
    await world.council.client.council.setSuspended(ted.address, false)
    await world.council.client.council.revoke(ted.address)
    await refuses(await order(), 'TRAINER_NOT_APPROVED', request)
  })

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
    // The DAO raises the price between proposal and signature: now the contract is the one to refuse.
    const proposal = await trent.client.requests.propose(wish)
    await world.daoSends('datasetRegistry', 'setPrice', own, PRICE * 2n)
    expect(await codeOf(trent.client.requests.open({ ...wish, proposal }))).toBe('PRICE_ABOVE_MAXIMUM')
    expect(await balanceOf(world, trent.address)).toBe(before)
  })
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
    await waitFor('the settlement', async () => {
      await trent.client.settle()
      return (await spentOf(world, opened.request)) > 0n
    })
    await waitFor(
      'the reward',
      async () => BigInt((await alice.client.rewards.get(alice.address)).claimable) > 0n,
    )
    await alice.client.rewards.claim(alice.address)
    const paid = await balanceOf(world, alice.address)
    expect(await codeOf(alice.client.rewards.claim(alice.address))).toBe('NOTHING_TO_CLAIM')
    const claimFor = async ({ address }: Actor) => {
      const { earned, proof } = await alice.client.rewards.get(alice.address)
      return revertOf(world, 'rewardPool', world.councilSends('rewardPool', 'claim', address, earned, proof))
    }
    // A settlement of somebody else's uses may come between proof and claim, and a proof fits its root only.
    await waitFor('a proof that fits', async () => (await claimFor(alice)) === 'NothingToClaim')
    expect(await claimFor(mallory)).toBe('ProofInvalid')
    expect(await balanceOf(world, alice.address)).toBe(paid)
  })
})
