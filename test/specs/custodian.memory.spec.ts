import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CustodyNetwork, post, readLines } from '../support/custody.js'
import {
  approvedTrainer,
  contribute,
  type Order,
  openRequest,
  order,
  person,
  receipts,
} from '../support/custody-actors.js'

// What a custodian remembers for others has a bound: whoever asks a lot makes it forget, never grow.

const KEPT = 2

describe('a custodian that remembers two orders and two quorums', () => {
  let network: CustodyNetwork
  let orders: Order[]

  beforeAll(async () => {
    network = await CustodyNetwork.start()
    await network.addCustodian({ RECEIPTS_KEPT: String(KEPT), FIRST_LEAVES_KEPT: '0' })
    await network.addCustodian()
    await network.addCustodian()
    await network.formCommittee(2)
    const file = await contribute(network, await person())
    const request = await openRequest(network, await approvedTrainer(network), [file])
    const now = await network.now()
    orders = await Promise.all(
      [580, 590, 600].map((seconds) => order(network, request, { deadline: now + seconds })),
    )
  })
  afterAll(() => network?.stop(), 60_000)

  const entries = (type: string) =>
    readLines(join(network.custodians[0]!.dir, 'ledger.jsonl')).filter((entry) => entry.type === type).length

  it('gives the same receipt again for these, and a new one for the order that it forgot', async () => {
    const receipt = async (number: number) => (await receipts(network, orders[number]!, [0]))[0]
    const [first, second] = [await receipt(0), await receipt(1)]
    expect([await receipt(0), await receipt(1)]).toEqual([first, second])
    expect(entries('receipt')).toBe(KEPT)
    const third = await receipt(2)
    expect([await receipt(1), await receipt(2)]).toEqual([second, third])
    expect(entries('receipt')).toBe(KEPT + 1)
    await receipt(0)
    expect(entries('receipt')).toBe(KEPT + 2)
  })

  it('writes each of these quorums down once, and the one that it forgot again', async () => {
    const quorums = await Promise.all(orders.map((signed) => receipts(network, signed, [0, 1])))
    const share = async (number: number) => {
      const body = { order: orders[number], receipts: quorums[number] }
      expect((await post(network.custodians[0]!.url, '/v1/shares', body)).status).toBe(200)
    }
    for (const number of [0, 1, 0, 1]) await share(number)
    expect(entries('quorum')).toBe(KEPT)
    for (const number of [2, 1]) await share(number)
    expect(entries('quorum')).toBe(KEPT + 1)
    await share(0)
    expect(entries('quorum')).toBe(KEPT + 2)
  })
})
