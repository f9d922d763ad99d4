import { type Hex, manifestRoot } from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Stage, setStage } from '../support/refusals.js'
import { askCustodian, inSeconds, openRaw, receiptsOf, signedOrder, spentOf } from '../support/releases.js'
import { sharedWorld, waitFor } from '../support/world.js'

// Orders that are not what was signed and paid, and shares asked for without their receipts.

const world = sharedWorld()
let { pool, mallory, trent, aDataset, anOrder, refuses } = {} as Stage
beforeAll(async () => {
  ;({ pool, mallory, trent, aDataset, anOrder, refuses } = await setStage(world))
})

describe('an order', () => {
  it('signed by somebody else', async () => {
    const { request, manifest, datasets } = await anOrder([await aDataset()])
    await refuses(
      await signedOrder(world, mallory, { request, manifest, datasets }),
      'ORDER_SIGNATURE_INVALID',
      request,
    )
  })

  it('after its deadline', async () => {
    const { request, manifest, datasets } = await anOrder([await aDataset()])
    const late = await signedOrder(world, trent, { request, manifest, datasets, deadline: inSeconds(-5) })
    await refuses(late, 'ORDER_EXPIRED', request)
  })

  it('for a request that is not there', async () => {
    const { request, manifest, datasets } = await anOrder([await aDataset()])
    const nowhere = `0x${'5a'.repeat(32)}` as Hex
    const order = await signedOrder(world, trent, { request: nowhere, manifest, datasets })
    await refuses(order, 'REQUEST_UNKNOWN', request)
  })

  it('for a dataset outside the manifest', async () => {
    const [inside, outside] = [await aDataset(), await aDataset()]
    const { request, manifest } = await anOrder([inside])
    const order = await signedOrder(world, trent, { request, manifest, datasets: [outside] })
    await refuses(order, 'DATASET_NOT_IN_MANIFEST', request)
  })

  it('for leaves that a manifest has beyond the count that was paid', async () => {
    const sorted = [await aDataset(), await aDataset()].sort((a, b) => (a.id < b.id ? -1 : 1))
    const manifest = sorted.map(({ id }) => id as Hex)
    const request = await openRaw(world, trent, {
      pool,
      purposes: ['evaluation'],
      datasets: manifest,
      count: 1,
    })
    expect((await world.contract('accessRequests').getFunction('request')(request)).manifestRoot).toBe(
      manifestRoot(manifest),
    )
    for (const dataset of sorted) {
      const order = await signedOrder(world, trent, { request, manifest, datasets: [dataset] })
      await refuses(order, 'DATASET_NOT_IN_MANIFEST', request)
    }
  })

  it('that shows other content than the dataset’s', async () => {
    const [mine, other] = [await aDataset(), await aDataset()]
    const { request, manifest } = await anOrder([mine])
    const order = await signedOrder(world, trent, {
      request,
      manifest,
      datasets: [{ id: mine.id, content: other.content }],
    })
    await refuses(order, 'CONTENT_NOT_OF_DATASET', request)
  })
})

describe('a share', () => {
  it('asked for with fewer receipts than the threshold', async () => {
    const { request, order } = await anOrder([await aDataset()])
    const signed = await order()
    const [own] = await receiptsOf(world, [1], signed)
    for (const receipts of [[], [own], [own, own]]) {
      const { body } = await askCustodian(world, 1, '/v1/shares', { order: signed, receipts })
      expect(body.code).toBe('RECEIPTS_TOO_FEW')
    }
    // Custodians that settle by themselves at this moment let nobody else do it.
    await waitFor('custodians to settle what is due', () => trent.client.settle().then(() => true))
    expect(await spentOf(world, request)).toBe(0n)
  })

  it('asked of a custodian that has not receipted the dataset itself', async () => {
    const { order } = await anOrder([await aDataset()])
    const signed = await order()
    const receipts = await receiptsOf(world, [1, 2], signed)
    const { body } = await askCustodian(world, 3, '/v1/shares', { order: signed, receipts })
    expect(body.code).toBe('RECEIPT_MISSING')
  })

  it('asked for with a receipt that its member did not sign', async () => {
    const { order } = await anOrder([await aDataset()])
    const signed = await order()
    const [own, other] = await receiptsOf(world, [1, 2], signed)
    const forged = { ...other!, signature: own!.signature }
    const { body } = await askCustodian(world, 1, '/v1/shares', { order: signed, receipts: [own, forged] })
    expect(body.code).toBe('RECEIPT_INVALID')
  })

  it('is sealed to the request’s recipient, whoever carries it', async () => {
    const { order } = await anOrder([await aDataset()])
    const signed = await order()
    const receipts = await receiptsOf(world, [1, 2], signed)
    const { status, body } = await askCustodian(world, 1, '/v1/shares', { order: signed, receipts })
    expect(status).toBe(200)
    const header = Buffer.from(body.answer, 'base64').toString('latin1')
    expect(header).toMatch(/^age-encryption\.org\/v1\n-> X25519 /)
  })
})
