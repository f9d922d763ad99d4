import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CustodyNetwork, PRICE, post, until } from '../support/custody.js'
import { approvedTrainer, contribute, openRequest, person, release } from '../support/custody-actors.js'

describe('a committee of three custodians, two of whom open a file', () => {
  let network: CustodyNetwork

  beforeAll(async () => {
    network = await CustodyNetwork.start()
    for (let i = 0; i < 3; i++) await network.addCustodian()
    await network.formCommittee(2)
  }, 60_000)
  afterAll(() => network.stop())

  it('releases, settles and pays', async () => {
    const [alice, anna] = [await person(), await person()]
    const small = await contribute(network, alice)
    const large = await contribute(network, anna, { plaintext: new Uint8Array(3 << 20).fill(7) })
    const trent = await approvedTrainer(network)
    const request = await openRequest(network, trent, [small, large])

    const opened = await release(network, request, [0, 2])
    expect(Buffer.compare(opened.get(small.id)!, small.plaintext)).toBe(0)
    expect(Buffer.compare(opened.get(large.id)!, large.plaintext)).toBe(0)

    const { status, body } = await post(network.custodians[1]!.url, '/v1/settlements')
    expect({ status, ...body }).toMatchObject({
      status: 200,
      number: 1,
      uses: 2,
      paid: (2n * PRICE).toString(),
    })
    const record = await network.contract('accessRequests').getFunction('request')(request.id)
    expect(record.spent).toBe(2n * PRICE)
    void until
  })
})
