import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CustodyNetwork, PRICE, post } from '../support/custody.js'
import {
  approvedTrainer,
  type Contributed,
  contribute,
  openRequest,
  type Person,
  person,
  release,
} from '../support/custody-actors.js'

// A committee change never strands a receipt from the epoch before, also when a member has left for good.

describe('a committee that changes', () => {
  let network: CustodyNetwork
  let trent: Person
  let files: Contributed[]
  /** Released by the first and the third custodian, in epoch 1. */
  let before: Hex

  const settleNow = (place: number) => post(network.custodians[place]!.url, '/v1/settlements')
  const documentOf: CustodyNetwork['documentOf'] = (...which) => network.documentOf(...which)
  const spentOf = async (id: Hex): Promise<bigint> =>
    (await network.contract('accessRequests').getFunction('request')(id)).spent
  const lastNumber = async () => Number(await network.contract('rewardPool').getFunction('settlements')())
  const accounts = (...places: number[]) => places.map((place) => network.custodians[place]!.address).sort()
  beforeAll(async () => {
    network = await CustodyNetwork.start()
    for (let i = 0; i < 3; i++) await network.addCustodian()
    await network.formCommittee(2)
    const [alice, anna] = [await person(), await person()]
    trent = await approvedTrainer(network)
    files = [await contribute(network, alice), await contribute(network, anna)]
    const opened = await openRequest(network, trent, files, { seconds: 9000 })
    await release(network, opened, [0, 2])
    before = opened.id
  })
  afterAll(() => network?.stop())

  it('has the receipts of the epoch before settled by the new members, the one who left paid like the others', async () => {
    await network.kill(2)
    await network.addCustodian()
    expect(await network.formCommittee(2)).toBe(2)
    // The newcomer was no member when the receipts were signed, and finds them in the ledger of one who stayed.
    const { body } = await settleNow(3)
    expect(body).toMatchObject({ number: 1, uses: 2, paid: String(2n * PRICE) })
    expect(await spentOf(before)).toBe(2n * PRICE)
    const document = await documentOf(3, 1)
    expect(document.epoch).toBe(2)
    expect(new Set(document.receipts.map(({ epoch }) => epoch))).toEqual(new Set([1]))
    expect(document.receipts.map(({ member }) => member).sort()).toEqual(accounts(0, 2))
    const paid = document.leaves.map(({ account }) => account)
    for (const account of accounts(0, 2)) expect(paid).toContain(account)
    for (const account of accounts(1, 3)) expect(paid).not.toContain(account)
  })

  it('goes on with files that are sealed to the old key: those who hold it release, the new members settle', async () => {
    const number = await lastNumber()
    const opened = await openRequest(network, trent, [files[1]!], { seconds: 9000 })
    const plaintexts = await release(network, opened, [0, 1])
    expect(plaintexts.get(files[1]!.id)).toEqual(new Uint8Array(files[1]!.plaintext))
    expect((await settleNow(3)).body).toMatchObject({ number: number + 1, uses: 1 })
    const { epoch, receipts: listed } = await documentOf(3, number + 1)
    expect([epoch, ...listed.map((receipt) => receipt.epoch)]).toEqual([2, 1, 1])
  })
})
