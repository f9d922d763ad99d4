import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ApiNetwork, type ApiProcess, caughtUp } from '../support/api-network.js'
import { until } from '../support/custody.js'

// A database that lost rows behind the checkpoint: whoever runs the service need not notice, the service does.

let network: ApiNetwork
let api: ApiProcess
const metric = async (name: string) => {
  const text = await (await fetch(`${api.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
}

beforeAll(async () => {
  network = await ApiNetwork.start()
})
afterAll(() => network?.end(), 60_000)

describe('datasets that the tables lost', () => {
  it('come back from the chain by themselves, each as it was, and the log says what to do', async () => {
    api = await network.startApi({ AUDIT_INTERVAL_MS: '200', FEED_RANGE_BLOCKS: '5' })
    const made = await network.contribute(4)
    const [whole, row, event, withdrawn] = made.map(({ id }) => id)
    const message = { owner: made[3]!.owner.address as `0x${string}`, content: made[3]!.content }
    const signature = await network.sign(made[3]!.owner, 'Withdrawal', message)
    await network.chain.asCouncil('datasetRegistry', 'withdraw', [message], [signature])
    await network.chain.provider.send('anvil_mine', ['0x10'])
    await caughtUp(api, await network.chain.provider.getBlockNumber())
    const before = await network.rows()
    expect(before.Dataset).toHaveLength(4)
    expect(await metric('granary_feed_repairs_total')).toBe(0)

    // All in one: nothing is put back in between and counted twice.
    await network.query(
      `WITH made AS (DELETE FROM "ChainEvent" WHERE "dataset" = ANY($1)),
        ended AS (DELETE FROM "ChainEvent" WHERE "dataset" = $2 AND "name" = 'Withdrawn')
      DELETE FROM "Dataset" WHERE "id" = ANY($3)`,
      [[whole, event], withdrawn, [whole, row]],
    )
    await until(async () => (await metric('granary_feed_repairs_total')) >= 4, 'the repair')
    expect(await network.rows()).toEqual(before)
    expect((await fetch(`${api.url}/v1/datasets/${whole}`)).status).toBe(200)
    expect(api.logged()).toContain(whole)
    expect(api.logged()).toContain('granary reindex --check')
  })

  it('are left to whoever reads the chain, and are not invented', async () => {
    const before = await network.rows()
    const other = await network.startApi({ AUDIT_INTERVAL_MS: '200' })
    const [lost] = before.Dataset!.map((text) => JSON.parse(text).id as string)
    await network.query('DELETE FROM "Dataset" WHERE "id" = $1', [lost])
    await until(async () => (await fetch(`${other.url}/v1/datasets/${lost}`)).status === 200, 'the dataset')
    expect(other.logged()).not.toContain('put back from the chain')
    expect(await network.rows()).toEqual(before)
  })
})
