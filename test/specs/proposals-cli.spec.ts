import { readFileSync, writeFileSync } from 'node:fs'
import type { Hex } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { type Actor, newContributor, newStranger } from '../support/actors.js'
import { commandLine, type Run } from '../support/command-line.js'
import { earn } from '../support/members.js'
import { sharedWorld, waitFor } from '../support/world.js'

// A proposal carried through by commands, as scripts would.

const world = sharedWorld()
const line = commandLine(world)
const granary = line.run
const PRICE = String(parseEther('2'))

let pool: string
let alice: Actor
let mallory: Actor

beforeAll(async () => {
  pool = String(await world.createPool())
  alice = await newContributor(world, 'Alice')
  mallory = await newStranger(world)
  await earn(world, [alice], parseEther('3'))
})
afterAll(() => line.remove())

const key = (actor: Actor) => actor.wallet.privateKey
const code = ({ json }: Run): string => json?.error?.code ?? 'nothing was refused'
const proposals = (actor: Actor | null, ...words: string[]) =>
  granary(actor ? key(actor) : undefined, 'proposals', ...words)

describe('granary join and member', () => {
  it('takes what was earned, once', async () => {
    expect(code(await granary(key(mallory), 'join'))).toBe('NOTHING_TO_MINT')
    expect((await granary(key(alice), 'member')).json).toMatchObject({ grain: '0', delegate: null })
    const joined = await granary(key(alice), 'join')
    expect(joined).toMatchObject({ code: 0, json: { delegate: alice.address, mintable: '0' } })
    expect(joined.json.minted).toBe(joined.json.grain)
    expect(joined.stderr).toContain('GRAIN')
    expect((await granary(undefined, 'member', alice.address)).json.votes).toBe(joined.json.grain)
    expect(code(await granary(key(alice), 'join'))).toBe('NOTHING_TO_MINT')
  })
})

describe('granary proposals', () => {
  let id: Hex

  it('refuses what cannot be, each by its code', async () => {
    const price = ['create', 'pool-price', '--pool', pool, '--price', PRICE]
    expect(code(await proposals(alice, ...price))).toBe('NOT_CONFIRMED')
    expect(code(await proposals(mallory, ...price, '--yes'))).toBe('GOVERNOR_INSUFFICIENT_PROPOSER_VOTES')
    expect(code(await proposals(alice, 'create', 'pool-price', '--pool', pool, '--yes'))).toBe(
      'ARGUMENT_INVALID',
    )
    expect(code(await proposals(alice, 'create', 'pool-burn'))).toBe('USAGE')
    expect(code(await proposals(alice, 'list', '--state', 'loved'))).toBe('ARGUMENT_INVALID')
    expect(code(await proposals(alice, 'vote', `0x${'1'.repeat(64)}`, 'maybe'))).toBe('ARGUMENT_INVALID')
    expect(code(await proposals(null, 'show', `0x${'1'.repeat(64)}`))).toBe('GOVERNOR_NONEXISTENT_PROPOSAL')
  })

  it('create says in words what is signed', async () => {
    const file = line.file('calls.json')
    const calls = [
      { action: 'pool-price', arguments: { pool: Number(pool), price: PRICE } },
      { action: 'pool-close', arguments: { pool } },
    ]
    writeFileSync(file, JSON.stringify(calls))
    const run = await proposals(alice, 'create', 'batch', file, '--text', 'Dearer, then closed', '--yes')
    expect(run.code).toBe(0)
    id = run.json.id
    expect(run.stderr).toContain(`Set the price of pool ${pool} to 2 gUSD per use`)
    expect(run.stderr).toContain(`Close pool ${pool}`)
    expect(run.json).toMatchObject({ description: 'Dearer, then closed', proposer: alice.address })
  })

  it('vote, queue and execute carry it through', async () => {
    // Not by the command, which may take as long to start as the vote has seconds.
    const state = async () => (await alice.client.governance.get(id)).state
    await waitFor('the vote', async () => (await state()) === 'active')
    const voted = await proposals(alice, 'vote', id, 'for', '--yes')
    expect(voted).toMatchObject({ code: 0, json: { choice: 'for' } })
    expect(voted.stderr).toContain('Dearer, then closed')
    expect(code(await proposals(alice, 'vote', id, 'against', '--yes'))).toBe('GOVERNOR_ALREADY_CAST_VOTE')
    expect(code(await proposals(alice, 'vote', id, 'for'))).toBe('NOT_CONFIRMED')
    expect(code(await proposals(alice, 'execute', id))).toBe('PROPOSAL_NOT_QUEUED')
    await waitFor('the end of the vote', async () => (await state()) === 'succeeded')
    expect((await proposals(null, 'show', id)).json.state).toBe('succeeded')
    const queued = await proposals(mallory, 'queue', id)
    expect(queued).toMatchObject({ code: 0, json: { state: 'queued' } })
    const early = code(await proposals(mallory, 'execute', id))
    if (Date.now() < Date.parse(queued.json.queuedFor)) expect(early).toBe('PROPOSAL_WAITS')
    await waitFor('the delay', async () => Date.now() > Date.parse(queued.json.queuedFor) + 1_000)
    expect(await proposals(mallory, 'execute', id)).toMatchObject({ code: 0, json: { state: 'executed' } })
    const { json: done } = await proposals(null, 'list', '--state', 'executed')
    expect(done.proposals.map((one: { id: Hex }) => one.id)).toContain(id)
    const listed = (await granary(undefined, 'pools')).json.pools
    expect(listed.find((one: { id: number }) => one.id === Number(pool))).toMatchObject({
      price: PRICE,
      closed: true,
    })
  })

  it('is what set-up commands point to once the DAO is in charge', async () => {
    const chain = ['--deployment', world.facts.deployment, '--rpc', world.rpc]
    const deployer = world.council.wallet.privateKey
    const create = ['pools', 'create', '--title', "Anna's", '--price', PRICE, ...chain]
    const { json } = await granary(deployer, ...create)
    expect(json.error.code).toBe('OWNER_NEEDED')
    expect(json.error.message).toContain(
      `granary proposals create pool-create --title 'Anna'\\''s' --price ${PRICE} --terms 'Each use is paid`,
    )
    const out = line.file('terms.json')
    const made = await proposals(
      alice,
      ...['create', 'pool-create', '--title', "Anna's", '--price', PRICE, '--out', out, '--yes'],
    )
    expect(made.json.calls[0]).toMatchObject({ action: 'pool-create', contract: 'datasetRegistry' })
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ title: "Anna's" })
  })

  it('has help with examples for all of it', async () => {
    for (const words of [[], ['create'], ['vote'], ['queue'], ['create', 'batch']])
      expect((await granary(undefined, 'proposals', ...words, '--help')).stdout).toMatch(/Example/)
    const { stdout } = await granary(undefined, 'proposals', 'create', 'fees', '--help')
    expect(stdout).toMatch(/--treasury <bps>[\s\S]*--custodians <bps>/)
  })
})
