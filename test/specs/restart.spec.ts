import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stateFile } from '../../apps/cli/src/embedded/chain-state.js'
import { contributeBytes, newContributor } from '../support/actors.js'
import { isAlive, type OwnWorld, sharedWorld, startWorld, type World, waitFor } from '../support/world.js'

// What survives what: one network of this file's own, killed and started again and again on the same directory.

const START_AGAIN_LIMIT_MS = 20_000

/** A first start does more, and tells how slow the machine is just now. */
let firstStartMs: number
let parent: string
let world: OwnWorld
let ended = false

async function again(): Promise<void> {
  world = await startWorld({ dir: join(parent, 'data') })
}

/** A new dataset, registered: the whole of the network works. */
async function aDataset() {
  const alice = await newContributor(world)
  const bytes = new TextEncoder().encode(`a dataset of ${alice.address}`)
  const { id } = await contributeBytes(alice, bytes, { pool: 1, purposes: ['fine-tuning'], expires: null })
  return { alice, id }
}

/** One that the chain has saved, too: it does every two seconds, and a save may have begun before the dataset. */
async function aSavedDataset() {
  const dataset = await aDataset()
  for (const save of ['first', 'second']) {
    const before = savedAt()
    await waitFor(`the chain's ${save} save`, () => savedAt() > before && isWhole())
  }
  return dataset
}
const state = () => stateFile(join(parent, 'data', 'chain'))
const savedAt = () => statSync(state()).mtimeMs
/** Throws while it is being written. */
const isWhole = () => Boolean(JSON.parse(readFileSync(state(), 'utf8')))

function expectStartedQuickly(): void {
  expect(world.startedInMs).toBeLessThan(Math.max(START_AGAIN_LIMIT_MS, 2 * firstStartMs))
}

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'granary-restart-'))
  await again()
  firstStartMs = world.startedInMs
}, 240_000)

afterAll(async () => {
  if (!ended) await world?.end()
  rmSync(parent, { recursive: true, force: true })
})

describe('the processes of a network', () => {
  it('each lead a process group of their own, so that Ctrl-C reaches only the parent', () => {
    const { up: _, ...children } = world.pids()
    for (const pid of Object.values(children)) {
      const { stdout } = spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' })
      expect(Number(stdout)).toBe(pid)
    }
  })

  it('come back when they crash: a custodian, the API, the database', async () => {
    for (const name of ['custodian2', 'api', 'database'] as const) {
      const before = world.pids()[name]
      await world.kill(name)
      await waitFor(`another ${name}`, () => world.pids()[name] !== before && isAlive(world.pids()[name]))
    }
    await waitFor(
      'the API to answer from the database',
      async () => (await fetch(`${world.api}/v1/pools/1`)).ok,
    )
    await aDataset()
  })

  it('stay down when somebody stops one of them, until they are started again', async () => {
    await world.stop('custodian3')
    await sleep(2_000)
    expect(world.pids().custodian3).toBeUndefined()
    await world.startStopped()
    expect(isAlive(world.pids().custodian3)).toBe(true)
  })

  it('end in order at Ctrl-C: API, custodians, database, chain; nothing is left', async () => {
    const { up: _, ...children } = world.pids()
    // From the last on: whoever is gone may not have been when those before were looked at, but not the other way round.
    const backwards = [['chain'], ['database'], ['custodian1', 'custodian2', 'custodian3'], ['api']]
    expect(backwards.flat().sort()).toEqual(Object.keys(children).sort())
    const tooEarly = new Set<string>()
    const ending = world.end()
    for (let left = true; left; await sleep(2)) {
      left = false
      let gone: string | undefined
      for (const names of backwards) {
        const alive = names.filter((name) => isAlive(children[name]))
        if (gone && alive.length > 0) tooEarly.add(`${gone} before ${alive}`)
        if (alive.length > 0) left = true
        else gone ??= names[0]
      }
    }
    await ending
    expect(await world.exited).toBe(0)
    expect([...tooEarly]).toEqual([])
    expect(world.pids()).toEqual({})
    await again()
    expectStartedQuickly()
  })
})

describe('a network whose parent was killed', () => {
  it('continues with everything that was saved, and no orphan', async () => {
    const { alice, id } = await aSavedDataset()
    const before = { facts: world.facts, pids: world.pids() }
    await world.kill('up')
    // Node children end when the parent's channel closes; the chain is left for the next start.
    const { up: _, chain, ...nodes } = before.pids
    await waitFor('the end of the Node processes', () => Object.values(nodes).every((pid) => !isAlive(pid)))
    expect(isAlive(chain)).toBe(true)
    world.close()

    await again()
    expect(isAlive(chain)).toBe(false)
    expect(world.said()).toContain('left over')
    expect(world.facts.ports).toEqual(before.facts.ports)
    expectStartedQuickly()
    expect(await alice.client.datasets.get(id)).toMatchObject({ id, owner: alice.address, status: 'active' })
    await aDataset()
  })

  it('is taken over at once, while its processes are still ending', async () => {
    const pids = world.pids()
    await world.kill('up')
    world.close()
    await again()
    for (const pid of Object.values(pids)) expect(isAlive(pid)).toBe(false)
    await aDataset()
  })
})

describe('a network whose chain was killed', () => {
  it('stops, says so, and continues from what the chain had saved', async () => {
    const { alice, id } = await aSavedDataset()
    await world.fund(alice.address, 1n) // perhaps saved, perhaps not
    await world.kill('chain')
    expect(await world.exited).toBe(1)
    expect(world.said()).toContain('the chain was ended by SIGKILL')
    await world.end()

    await again()
    const registry = world.contract('datasetRegistry')
    expect((await registry.getFunction('dataset')(id)).owner).toBe(alice.address)
    await waitFor('the dataset in the API', async () => (await fetch(`${world.api}/v1/datasets/${id}`)).ok)
    await aDataset()
  })
})

describe('two networks', () => {
  it('run side by side on one machine', async () => {
    const other = sharedWorld()
    const portsOf = ({ custodians, ...rest }: World['facts']['ports']) => [
      ...custodians,
      ...Object.values(rest as Record<string, number>),
    ]
    expect(new Set([...portsOf(world.facts.ports), ...portsOf(other.facts.ports)]).size).toBe(12)
    for (const { api } of [world, other]) expect((await fetch(`${api}/v1/network`)).ok).toBe(true)
    other.close()
  })
})

describe('the check at the end of a run', () => {
  it('finds what a network left behind, and ends it', async () => {
    const { chain } = world.pids()
    await world.kill('up')
    await expect(world.end()).rejects.toThrow(`process left behind: ${chain} `)
    expect(isAlive(chain)).toBe(false)
    ended = true
  })
})
