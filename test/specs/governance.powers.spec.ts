import { beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newStranger,
  newTrainer,
} from '../support/actors.js'
import { codeOf, refusalBy, revertOf, signedOrder } from '../support/releases.js'
import { call } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

// What nobody but the DAO may decide, and the one thing that the council may.

const world = sharedWorld()
const PRICE = parseEther('1')

let pool: number
let anna: Actor
let mallory: Actor

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE })
  anna = await newContributor(world, 'Anna')
  mallory = await newStranger(world)
})

describe('everybody else', () => {
  it('decides nothing that only the DAO may, the council included', async () => {
    const attempts = [
      ['datasetRegistry', 'setPrice', pool, PRICE],
      ['accessRequests', 'setFees', 0, 0],
      ['rewardPool', 'setGuardian', mallory.address],
      ['trainerRegistry', 'setCouncil', mallory.address, true],
    ] as const
    for (const [contract, method, ...args] of attempts)
      expect(await revertOf(world, contract, world.councilSends(contract, method, ...args))).toBe(
        'OwnableUnauthorizedAccount',
      )
    const propose = world.councilSends('governor', 'setVotingDelay', 0)
    expect(await revertOf(world, 'governor', propose)).toBe('GovernorOnlyExecutor')
  })

  it('is shown what the DAO has decided', async () => {
    const { dao } = (await call(world, 'GET', '/v1/network')).body
    expect(dao).toMatchObject({
      votingDelay: 1,
      votingPeriod: 20,
      threshold: String(parseEther('0.1')),
      quorumPercent: 4,
      quorumMinimum: String(parseEther('0.2')),
      timelockDelay: 5,
      treasuryBps: 500,
      custodiansBps: 1000,
      treasury: world.deployment.timelock,
      council: [world.council.wallet.address],
    })
  })
})

describe('the council', () => {
  it('suspends a trainer at once: from the next block on nothing is released to it', async () => {
    const trent = await newTrainer(world)
    const given = await contributeBytes(anna, new TextEncoder().encode('suspended'), {
      pool,
      purposes: ['retrieval'],
      expires: null,
    })
    const { request } = await trent.client.requests.open({
      pool,
      purposes: ['retrieval'],
      recipient: trent.recipient,
    })
    const dataset = await anna.client.datasets.get(given.id)
    const order = await signedOrder(world, trent, { request, datasets: [dataset], manifest: [given.id] })
    await world.councilSends('trainerRegistry', 'setSuspended', trent.address, true)
    expect(await refusalBy(world, order)).toBe('TRAINER_IS_SUSPENDED')
    const fetched = trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
    expect(await codeOf(fetched)).not.toBe('nothing was refused')
    await world.councilSends('trainerRegistry', 'setSuspended', trent.address, false)
    const late = await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
    expect(late.files).toHaveLength(1)
  })
})
