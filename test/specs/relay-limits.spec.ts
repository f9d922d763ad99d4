import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { codeOf } from '../support/releases.js'
import { type OwnWorld, startWorld } from '../support/world.js'

// What the operator pays for is limited, for each account and in all: nobody can empty the relayer.

let world: OwnWorld
let pool: number

beforeAll(async () => {
  // A contribution alone in its transaction takes some 75,000 gas, an application 35,000.
  world = await startWorld({ env: { RELAY_ACCOUNT_GAS_PER_DAY: '120000', RELAY_GAS_PER_DAY: '450000' } })
  pool = await world.createPool()
}, 240_000)
afterAll(() => world?.end(), 60_000)

const give = (actor: Awaited<ReturnType<typeof newContributor>>) =>
  contributeBytes(actor, crypto.getRandomValues(new Uint8Array(100)), {
    pool,
    purposes: ['evaluation'],
    expires: null,
  })

describe('the gas that the operator pays', () => {
  it('has a limit for each account, which stops nobody else', async () => {
    const mallory = await newContributor(world, 'Mallory')
    const { id } = await give(mallory)
    await give(mallory)
    expect(await codeOf(give(mallory))).toBe('RELAY_ACCOUNT_LIMIT')
    expect(await codeOf(mallory.client.datasets.withdraw(id))).toBe('RELAY_ACCOUNT_LIMIT')
    // What was taken before is answered again, not charged again.
    const alice = await newContributor(world)
    expect((await give(alice)).id).toMatch(/^0x/)
  })

  it('has a limit in all, beyond which people can still withdraw', async () => {
    const anna = await newContributor(world, 'Anna')
    const { id } = await give(anna)
    const found: string[] = []
    for (let i = 0; i < 8 && !found.includes('RELAY_TOTAL_LIMIT'); i += 1) {
      const someone = await newContributor(world)
      found.push(await codeOf(give(someone)))
      await new Promise((resolve) => setTimeout(resolve, 5_500)) // for so long the sum is kept
    }
    expect(found).toContain('RELAY_TOTAL_LIMIT')
    expect(await codeOf(newTrainer(world, { approved: false, tokens: 0n }))).toBe('RELAY_TOTAL_LIMIT')
    await anna.client.datasets.withdraw(id)
    expect(await anna.client.datasets.get(id)).toMatchObject({ status: 'withdrawn' })
  })
})
