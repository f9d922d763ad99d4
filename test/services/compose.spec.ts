import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Address, type DatasetResource, parseDeployment } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { type ComposeRun, composeUp } from '../support/compose.js'
import { type NetworkFacts, type World, waitFor, worldOf } from '../support/world.js'

// What `docker compose up` starts, started natively with the same arguments and environment, is a Granary that works.

const PRICE = parseEther('1')
let run: ComposeRun
let world: World
let alice: Actor
let trent: Actor
let pool: number

beforeAll(async () => {
  const { GRANARY_TEST_DATABASE_URL: postgres, KUBO_URL: kubo } = process.env
  if (!postgres || !kubo) throw new Error('GRANARY_TEST_DATABASE_URL and KUBO_URL must be set')
  run = await composeUp({ postgres, kubo })
  const facts = { chainId: 31_337, apiUrl: run.api, rpcUrl: run.rpc, deployment: deploymentFile() }
  world = worldOf(facts as NetworkFacts)
  pool = await world.createPool({ price: PRICE })
  alice = await newContributor(world)
  trent = await newTrainer(world)
}, 300_000)
afterAll(async () => {
  world?.close()
  await run?.end()
})

const deploymentFile = () => join(run.folder('network'), 'deployment.json')
const ask = { purposes: ['fine-tuning'] }

/** One file all the way round: contributed, requested, fetched, settled, claimed. */
async function goRound(): Promise<void> {
  const bytes = randomBytes(2_000_000)
  const { id } = await contributeBytes(alice, bytes, { ...ask, pool, expires: null })
  const wish = { ...ask, pool, recipient: trent.recipient, datasets: [id] }
  const { request } = await trent.client.requests.open(wish)
  const sink = memorySink()
  const { failed } = await trent.client.fetch(request, { identity: trent.identity, sink })
  expect(failed).toEqual([])
  expect(Buffer.from(sink.files.get(id)!).equals(bytes)).toBe(true)
  await waitFor('the settlement', async () => {
    await trent.client.settle()
    return BigInt((await trent.client.requests.get(request)).spent) === PRICE
  })
  // The API reads the settlement's document after the settlement.
  await waitFor('the use', async () => (await alice.client.datasets.get(id)).uses === 1)
}

async function listed(): Promise<DatasetResource[]> {
  const all = []
  for await (const each of alice.client.datasets.list()) all.push(each)
  return all
}

describe('docker-compose.yml', () => {
  it('deploys, forms a committee of three, and says so', async () => {
    const deployment = parseDeployment(readFileSync(deploymentFile(), 'utf8'))
    expect(deployment).toEqual(world.deployment)
    const { committee } = await alice.client.network()
    expect(committee).toMatchObject({ threshold: 2 })
    expect(committee!.members).toHaveLength(3)
  })

  it('runs the API in production, on the real services', async () => {
    expect((await fetch(`${run.api}/readyz`)).status).toBe(200)
    expect(run.logOf('api')).toMatch(/kubo/)
    expect(run.logOf('api')).not.toMatch(/embedded/)
  })

  it('carries a file all the way round', goRound, 120_000)

  it('goes on after each service was stopped and started, with nothing lost', async () => {
    const before = await listed()
    expect(before).toHaveLength(1)
    for (const name of ['api', 'custodian-2', 'custodian-3']) {
      expect(await run.stop(name)).toBe(0)
      await run.start(name)
    }
    await run.stop('custodian-1', 'SIGKILL')
    await run.start('custodian-1')
    expect(await listed()).toEqual(before)
    await goRound()
    // In production the guardian has a day before what was settled is paid.
    await waitFor('both uses among what Alice waits for', async () => {
      const { pending } = await alice.client.rewards.get(alice.address as Address)
      const waiting = pending.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
      return waiting === (PRICE * 2n * 85n) / 100n
    })
    expect(await alice.client.rewards.get(alice.address as Address)).toMatchObject({ claimable: '0' })
  }, 240_000)

  it('logs no secret', () => {
    for (const name of ['api', 'deploy', 'committee', 'custodian-1', 'custodian-2', 'custodian-3']) {
      expect(run.logOf(name)).not.toMatch(
        /[0-9a-f]{64}(?=")[^,]*PRIVATE|ac0974bec39a17e36ba4a6b4d238ff944bacb478/i,
      )
      expect(run.logOf(name)).not.toMatch(/AGE-SECRET-KEY|59c6995e998f97a5a0044966f0945389dc9e86dae88c7a84/i)
    }
  })
})
