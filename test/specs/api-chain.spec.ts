import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { makeMembers } from '../support/members.js'
import { call, contribution, sealText, settled, signIn, upload } from '../support/rest.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// The chain feed and the relayer against a chain that went back. In a world of its own: everybody else would notice.

let world: OwnWorld
let alice: Actor
let pool: number

beforeAll(async () => {
  world = await startWorld()
  alice = await newContributor(world)
  pool = await world.createPool()
})
afterAll(() => world?.end())

const give = (text: string) =>
  contributeBytes(alice, new TextEncoder().encode(text), { pool, purposes: ['evaluation'], expires: null })
const status = async (id: string) => (await call(world, 'GET', `/v1/datasets/${id}`)).status
const head = async () => (await call(world, 'GET', '/v1/network')).body.head

describe('a chain that went back', () => {
  it('takes with it what was only there, and messages of Granary come again by themselves', async () => {
    const before = await give('before the fork')
    const snapshot = await world.provider.send('evm_snapshot', [])
    const after = await give('after the fork')
    await world.daoSends('datasetRegistry', 'setPrice', pool, 7n)
    await waitFor(
      'the new price',
      async () => (await call(world, 'GET', `/v1/pools/${pool}`)).body.price === '7',
    )

    expect(await world.provider.send('evm_revert', [snapshot])).toBe(true)
    // Another branch, and longer than the one that is gone.
    await world.provider.send('anvil_mine', ['0x8'])
    await waitFor(
      'the old price',
      async () => (await call(world, 'GET', `/v1/pools/${pool}`)).body.price !== '7',
    )
    expect(await status(before.id)).toBe(200)
    // The contribution that fell out was signed by Alice and is relayed again; the council's price was not Granary's.
    await waitFor('the contribution again', async () => (await status(after.id)) === 200)
    const registered = (await call(world, 'GET', `/v1/datasets/${after.id}`)).body.registered
    const receipt = await world.provider.getTransactionReceipt(registered.transaction)
    expect(receipt?.blockNumber).toBe(registered.block)
    const { body: history } = await call(world, 'GET', `/v1/datasets/${after.id}/history`)
    expect(history.items).toHaveLength(1)
  })

  it('is followed also when it ends below what was read', async () => {
    const snapshot = await world.provider.send('evm_snapshot', [])
    await world.provider.send('anvil_mine', ['0x20'])
    const indexed = Number(await world.provider.send('eth_blockNumber', []))
    await waitFor('the blocks', async () => (await head()).indexed >= indexed)
    await world.provider.send('evm_revert', [snapshot])
    await waitFor('the end of the chain', async () => (await head()).indexed < indexed)
    expect(await status((await give('life goes on')).id)).toBe(200)
  })
})

describe('governance on a chain that went back', () => {
  it('is made again from what is left, and what was signed comes again by itself', async () => {
    await makeMembers(world, [alice], 2n * 10n ** 18n)
    const joined = await alice.client.governance.member(alice.address)
    const snapshot = await world.provider.send('evm_snapshot', [])
    // This chain went back before, and its clock with it: what is about seconds comes later than a watch says.
    const wait = async <T>(attempt: () => Promise<T>): Promise<T> => {
      let done: { value: T } | undefined
      await waitFor('the chain’s clock', async () => {
        await world.provider.send('evm_mine', [])
        done = await attempt().then(
          (value) => ({ value }),
          () => undefined,
        )
        return done !== undefined
      })
      return (done as unknown as { value: T }).value
    }
    const { governance } = alice.client
    const draft = { calls: [{ action: 'pool-close', arguments: { pool } }], description: 'on a branch' }
    const { id } = await wait(() => governance.create(draft))
    await wait(() => governance.vote(id, 'for'))

    expect(await world.provider.send('evm_revert', [snapshot])).toBe(true)
    await world.provider.send('anvil_mine', ['0xc'])
    const blockOf = async ({ transaction }: { transaction: string }) =>
      (await world.provider.getTransactionReceipt(transaction))?.blockNumber
    await waitFor('the proposal on the other branch', async () => {
      const { status: found, body } = await call(world, 'GET', `/v1/proposals/${id}`)
      return found === 200 && body.created.block === (await blockOf(body.created))
    })
    const { grain, votes } = await alice.client.governance.member(alice.address)
    expect({ grain, votes }).toEqual({ grain: joined.grain, votes: joined.votes })
    await waitFor('the votes on the other branch', async () => {
      const { against, for: yes, abstain } = (await alice.client.governance.get(id)).votes
      const counted = await world.contract('governor').getFunction('proposalVotes')(id)
      return [against, yes, abstain].join() === counted.join()
    })
  })
})

describe('the relayer', () => {
  it('puts messages that wait together into one transaction', async () => {
    const token = await signIn(world, alice.wallet)
    // Two more than there are transactions on their way at once: on a slow machine each of the first goes alone.
    const texts = ['one', 'two', 'three', 'four', 'five', 'six']
    const files = await Promise.all(texts.map((text) => sealText(alice, text)))
    for (const file of files) await upload(world, token, file)
    const bodies = await Promise.all(files.map((file) => contribution(world, alice, file, pool)))
    await world.provider.send('evm_setAutomine', [false])
    const relays: string[] = []
    try {
      for (const body of bodies)
        relays.push((await call(world, 'POST', '/v1/datasets', { token, body })).body.relay)
      await waitFor('the first to be sent', async () => {
        const { body } = await call(world, 'GET', `/v1/relays/${relays[0]}`)
        return body.status === 'sent'
      })
    } finally {
      await world.provider.send('evm_setAutomine', [true])
      await world.provider.send('evm_mine', [])
    }
    const done = await Promise.all(relays.map((relay) => settled(world, relay)))
    expect(done.map((relay) => relay.status)).toEqual(relays.map(() => 'confirmed'))
    expect(Math.max(...done.map((relay) => relay.batch))).toBeGreaterThan(1)
    expect(new Set(done.map((relay) => relay.transaction)).size).toBeLessThan(relays.length)
  })

  it('sends again what was on its way when the API was killed', async () => {
    const token = await signIn(world, alice.wallet)
    const file = await sealText(alice, 'sent before the fall')
    await upload(world, token, file)
    await world.provider.send('evm_setAutomine', [false])
    const { body } = await call(world, 'POST', '/v1/datasets', {
      token,
      body: await contribution(world, alice, file, pool),
    })
    await waitFor('it to be sent', async () => {
      return (await call(world, 'GET', `/v1/relays/${body.relay}`)).body.status === 'sent'
    })
    await world.kill('api')
    // Not before: it would give the transaction to the node again.
    await world.provider.send('anvil_dropAllTransactions', [])
    await world.provider.send('evm_setAutomine', [true])
    await world.provider.send('evm_mine', [])
    await waitFor('the API', async () => (await call(world, 'GET', '/readyz')).status === 200)
    expect((await settled(world, body.relay)).status).toBe('confirmed')
    expect(await status(body.id)).toBe(200)
  })
})
