import {
  type Address,
  buildCall,
  type Hex,
  type MessageOf,
  messageToJson,
  type PROPOSAL_STATES,
  signMessage,
  VOTE_CHOICES,
} from '@granary/protocol'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { type Actor, newContributor, newStranger } from '../support/actors.js'
import { signing } from '../support/ballots.js'
import { earn, makeMembers } from '../support/members.js'
import { codeOf, revertOf } from '../support/releases.js'
import { call, inSeconds, refusal, settled, signIn } from '../support/rest.js'
import { sharedWorld, waitFor } from '../support/world.js'

// A DAO that governs itself: votes come from data that was used and paid for, and nobody else decides.

const world = sharedWorld()
const PRICE = parseEther('1')
const { ballot, join } = signing(world)
const NOWHERE = `0x${'9'.repeat(64)}` as Hex

let pool: number
let alice: Actor
let anna: Actor
let mallory: Actor
let token: { alice: string; mallory: string }
/** Nobody votes on it. */
let idle: Hex
/** Of the same moment: it passes; it passes and reverts; it is voted down. */
let good: Hex
let broken: Hex
let unloved: Hex

/** The Governor's own answer, as the next block would have it. */
async function stateOnChain(id: Hex): Promise<string> {
  const governor = world.contract('governor')
  const number = Number(await governor.getFunction('state').staticCall(id, { blockTag: 'pending' }))
  return ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed'][number]!
}

/** Both say the same, and what. They are asked one after the other: a vote may begin in between. */
async function state(id: Hex): Promise<string> {
  let same = ''
  await waitFor(`one state of ${id}`, async () => {
    const told = (await call(world, 'GET', `/v1/proposals/${id}`)).body.state
    if (told === (await stateOnChain(id))) same = told
    return same !== ''
  })
  return same
}
const reached = (id: Hex, wanted: (typeof PROPOSAL_STATES)[number]) =>
  waitFor(`${id} ${wanted}`, async () => (await state(id)) === wanted)

async function proposal(signer: Actor, change: Partial<MessageOf<'Proposal'>> = {}) {
  const { target, value, data } = buildCall('pool-price', { pool, price: PRICE }, world.deployment)
  const message: MessageOf<'Proposal'> = {
    proposer: signer.address,
    targets: [target],
    values: [value],
    calldatas: [data],
    description: 'by hand',
    deadline: BigInt(inSeconds(600)),
    ...change,
  }
  const signature = await signMessage(signer.wallet, 'Proposal', message, world.deployment)
  return { proposal: messageToJson('Proposal', message), signature }
}

const post = async (path: string, session: string | undefined, body: object) =>
  refusal(await call(world, 'POST', path, { ...(session ? { token: session } : {}), body }))
const vote = async (actor: Actor, session: string, id: Hex, change: Partial<MessageOf<'Ballot'>> = {}) =>
  post(`/v1/proposals/${id}/votes`, session, await ballot(actor, id, change))
const draft = (price: bigint, description: string) => {
  const calls = [{ action: 'pool-price', arguments: { pool, price } }]
  return alice.client.governance.create({ calls, description })
}
const priceOf = async (id: number) => (await world.contract('datasetRegistry').getFunction('pool')(id)).price

beforeAll(async () => {
  pool = await world.createPool({ price: PRICE, lowestPrice: PRICE / 2n })
  alice = await newContributor(world, 'Alice')
  anna = await newContributor(world, 'Anna')
  mallory = await newStranger(world)
  token = { alice: await signIn(world, alice.wallet), mallory: await signIn(world, mallory.wallet) }
  await earn(world, [alice, anna], PRICE * 2n)
})

describe('POST /v1/members', () => {
  it('mints nothing for somebody who has claimed nothing, and nothing that somebody else signed', async () => {
    expect(await post('/v1/members', undefined, await join(alice))).toBe('401 UNAUTHENTICATED')
    expect(await post('/v1/members', token.mallory, await join(mallory))).toBe('409 NOTHING_TO_MINT')
    expect(await post('/v1/members', token.mallory, await join(alice))).toBe('403 ADDRESS_MISMATCH')
    const forged = await join(mallory, { account: alice.address })
    expect(await post('/v1/members', token.alice, forged)).toBe('422 SIGNATURE_INVALID')
    const late = await join(alice, { deadline: BigInt(inSeconds(-10)) })
    expect(await post('/v1/members', token.alice, late)).toBe('422 MESSAGE_EXPIRED')
  })

  it('mints what was claimed, once, whoever sends it how often', async () => {
    const earned = (await alice.client.rewards.get(alice.address)).claimed
    expect(await alice.client.governance.member(alice.address)).toMatchObject({
      grain: '0',
      delegate: null,
      mintable: earned,
    })
    const body = await join(alice)
    const { relay } = (await call(world, 'POST', '/v1/members', { token: token.alice, body })).body
    expect(await settled(world, relay)).toMatchObject({ status: 'confirmed', kind: 'join' })
    const again = await call(world, 'POST', '/v1/members', { token: token.alice, body })
    expect(again.body.relay).toBe(relay)
    const message = { ...body.join, deadline: BigInt(body.join.deadline) }
    const replay = world.councilSends('grainToken', 'joinFor', message, body.signature)
    expect(await revertOf(world, 'grainToken', replay)).toBe('NothingToMint')
    const another = await join(alice, { deadline: BigInt(inSeconds(700)) })
    expect(await post('/v1/members', token.alice, another)).toBe('409 NOTHING_TO_MINT')
    const { grain, votes, delegate, mintable } = await alice.client.governance.member(alice.address)
    expect({ grain, votes, delegate, mintable }).toEqual({
      grain: earned,
      votes: earned,
      delegate: alice.address,
      mintable: '0',
    })
    const onChain = await world.contract('grainToken').getFunction('balanceOf')(alice.address)
    expect(String(onChain)).toBe(earned)
  })

  it('needs no gas by the SDK', async () => {
    const { minted, member } = await anna.client.governance.join()
    expect(minted).toBe(BigInt(member.grain))
    expect(member.votes).toBe(member.grain)
    expect(await world.provider.getBalance(anna.address)).toBe(0n)
  })
})

describe('POST /v1/proposals', () => {
  const refused = async (code: string, session: string, body: object) =>
    expect(await post('/v1/proposals', session, body)).toBe(code)

  it('refuses who has no votes, who is somebody else, and what is not whole', async () => {
    await refused('403 GOVERNOR_INSUFFICIENT_PROPOSER_VOTES', token.mallory, await proposal(mallory))
    await refused('403 ADDRESS_MISMATCH', token.mallory, await proposal(alice))
    const forged = await proposal(mallory, { proposer: alice.address })
    await refused('422 SIGNATURE_INVALID', token.alice, forged)
    const late = await proposal(alice, { deadline: BigInt(inSeconds(-10)) })
    await refused('422 MESSAGE_EXPIRED', token.alice, late)
    const uneven = await proposal(alice, { values: [] })
    await refused('422 GOVERNOR_INVALID_PROPOSAL_LENGTH', token.alice, uneven)
    const none = await proposal(alice, { targets: [], values: [], calldatas: [] })
    await refused('422 GOVERNOR_INVALID_PROPOSAL_LENGTH', token.alice, none)
    const annas = await proposal(alice, { description: `mine#proposer=${anna.address}` })
    await refused('403 GOVERNOR_RESTRICTED_PROPOSER', token.alice, annas)
    const huge = await proposal(alice, {
      targets: Array(14).fill(world.deployment.token) as Address[],
      values: Array(14).fill(0n),
      calldatas: Array(14).fill(`0x${'ab'.repeat(16_000)}`) as Hex[],
    })
    await refused('422 RELAY_TOO_EXPENSIVE', token.alice, huge)
  })

  it('takes a member’s, and tells what it does in words', async () => {
    idle = (await draft(PRICE * 4n, 'Far dearer')).id
    const onChain = await world.contract('governor').getFunction('proposalProposer')(idle)
    expect(onChain).toBe(alice.address)
    const told = (await call(world, 'GET', `/v1/proposals/${idle}`)).body
    expect(told).toMatchObject({
      id: idle,
      proposer: alice.address,
      description: 'Far dearer',
      calls: [{ action: 'pool-price', text: `Set the price of pool ${pool} to 4 gUSD per use` }],
      votes: { for: '0', against: '0', abstain: '0' },
      queuedFor: null,
      voters: [],
    })
    expect(Date.parse(told.voteEnd) - Date.parse(told.voteStart)).toBe(20_000)
    expect(await state(idle)).toMatch(/pending|active|defeated/)
    expect(refusal(await call(world, 'GET', `/v1/proposals/${NOWHERE}`))).toBe(
      '404 GOVERNOR_NONEXISTENT_PROPOSAL',
    )
  })

  it('takes each once, whoever sent it', async () => {
    const { data } = buildCall('pool-price', { pool, price: PRICE * 4n }, world.deployment)
    const same = await proposal(alice, { calldatas: [data], description: 'Far dearer' })
    expect(await post('/v1/proposals', token.alice, same)).toBe('202 undefined') // the same relay
    const past = await proposal(alice, { description: 'past the API' })
    const message = { ...past.proposal, deadline: BigInt(past.proposal.deadline) }
    await world.councilSends('governor', 'proposeBySig', message, past.signature)
    await waitFor('it in the list', async () => {
      const { items } = (await call(world, 'GET', '/v1/proposals?limit=1')).body
      return items[0].description === 'past the API'
    })
    await refused('409 PROPOSAL_EXISTS', token.alice, past)
  })

  it('lists them newest first, page by page, and by state', async () => {
    const first = (await call(world, 'GET', '/v1/proposals?limit=1')).body
    const second = (await call(world, 'GET', `/v1/proposals?limit=1&cursor=${first.next}`)).body
    expect([first.items[0].description, second.items[0].id]).toEqual(['past the API', idle])
    const executed = (await call(world, 'GET', '/v1/proposals?state=executed')).body
    expect(executed.items.map(({ id }: { id: Hex }) => id)).not.toContain(idle)
    expect(refusal(await call(world, 'GET', '/v1/proposals?cursor=bm90'))).toBe('400 CURSOR_INVALID')
    expect(refusal(await call(world, 'GET', '/v1/proposals?state=loved'))).toBe('400 VALIDATION_FAILED')
  })
})

describe('POST /v1/proposals/{id}/votes', () => {
  it('refuses who is somebody else, and what is no vote', async () => {
    expect(await vote(alice, token.mallory, idle)).toBe('403 ADDRESS_MISMATCH')
    expect(await vote(mallory, token.alice, idle, { voter: alice.address })).toBe('422 SIGNATURE_INVALID')
    expect(await vote(alice, token.alice, idle, { support: 3 })).toBe('422 GOVERNOR_INVALID_VOTE_TYPE')
    expect(await vote(alice, token.alice, idle, { nonce: 1n })).toBe('400 MESSAGE_INVALID')
    const other = await ballot(alice, NOWHERE)
    expect(await post(`/v1/proposals/${idle}/votes`, token.alice, other)).toBe('400 MESSAGE_INVALID')
    expect(await post(`/v1/proposals/${NOWHERE}/votes`, token.alice, other)).toBe(
      '404 GOVERNOR_NONEXISTENT_PROPOSAL',
    )
  })

  it('counts each member once, for good', async () => {
    // All at once: a vote lasts 20 seconds, and a busy machine is slow.
    const made = [
      draft(PRICE * 2n, 'Dearer'),
      draft(PRICE / 4n, 'Below the lowest'),
      draft(PRICE * 3n, 'Dear'),
    ]
    const ids = (await Promise.all(made)).map(({ id }) => id)
    ;[good, broken, unloved] = ids as [Hex, Hex, Hex]
    await Promise.all(ids.map((id) => reached(id, 'active')))
    await Promise.all([
      ...[good, broken, unloved].map((id) => alice.client.governance.vote(id, 'for')),
      ...[good, broken].map((id) => anna.client.governance.vote(id, 'for')),
      anna.client.governance.vote(unloved, 'against'),
    ])
    expect(await vote(alice, token.alice, good, { support: 0 })).toBe('409 GOVERNOR_ALREADY_CAST_VOTE')
    const { grain } = await alice.client.governance.member(alice.address)
    const told = await alice.client.governance.get(good)
    expect(told.votes).toEqual({ for: String(BigInt(grain) * 2n), against: '0', abstain: '0' })
    expect(told.voters.map(({ choice }) => choice)).toEqual(['for', 'for'])
    expect(told.voters.map(({ voter }) => voter).sort()).toEqual([alice.address, anna.address].sort())
    const counted = await world.contract('governor').getFunction('proposalVotes')(good)
    expect([...counted].map(String)).toEqual(['0', told.votes.for, '0'])
    const quorum = world.contract('governor').getFunction('quorum')
    const snapshot = BigInt(Date.parse(told.voteStart) / 1000)
    expect(told.quorum).toBe(String(await quorum.staticCall(snapshot, { blockTag: 'pending' })))
    expect(told.quorumReached).toBe(true)
    const page = (await call(world, 'GET', `/v1/proposals/${good}/votes?limit=1`)).body
    expect(page.items).toMatchObject([{ voter: told.voters[0]?.voter, choice: VOTE_CHOICES[1] }])
    expect(page.next).not.toBeNull()
  })

  /** A proposal as soon as the API knows it: its vote begins in the second after its block. */
  async function fresh(description: string): Promise<Hex> {
    const { data } = buildCall('pool-price', { pool, price: PRICE * 9n }, world.deployment)
    const body = await proposal(alice, { calldatas: [data], description })
    const { id } = (await call(world, 'POST', '/v1/proposals', { token: token.alice, body })).body
    await waitFor(
      `proposal ${id}`,
      async () => (await call(world, 'GET', `/v1/proposals/${id}`)).status === 200,
    )
    return id
  }

  /** Does something with a proposal whose vote has not begun, again with another one when it was too slow. */
  async function atOnce(wanted: string, attempt: (id: Hex) => Promise<string>): Promise<Hex> {
    for (let tries = 1; ; tries++) {
      const id = await fresh(`${wanted}, ${tries}`)
      const said = await attempt(id)
      if (said === wanted) return id
      if (tries === 12) throw new Error(`${said} in place of ${wanted}`)
    }
  }

  it('takes nothing before the vote begins', async () => {
    await atOnce('409 VOTE_NOT_BEGUN', (id) => vote(alice, token.alice, id))
  })

  it('takes nothing from who had no votes then', async () => {
    await atOnce('403 VOTES_MISSING', async (id) => {
      await waitFor('the vote', async () => (await state(id)) !== 'pending')
      return vote(mallory, token.mallory, id)
    })
  })

  it('takes nothing once its proposer, and nobody else, took it back', async () => {
    await world.fund(alice.address)
    await world.fund(anna.address)
    const id = await atOnce('canceled', async (id) => {
      const other = await codeOf(anna.client.governance.cancel(id))
      if (other !== 'GOVERNOR_UNABLE_TO_CANCEL') return other
      return alice.client.governance.cancel(id).then(() => state(id), String)
    })
    expect(await vote(alice, token.alice, id)).toBe('409 VOTE_OVER')
  })
})

describe('POST /v1/proposals/{id}/queue and execute', () => {
  const step = (id: Hex, what: string, session: string | undefined = token.alice) =>
    post(`/v1/proposals/${id}/${what}`, session, {})

  it('do nothing before their time', async () => {
    expect(await post(`/v1/proposals/${good}/queue`, undefined, {})).toBe('401 UNAUTHENTICATED')
    expect(await step(NOWHERE, 'queue')).toBe('404 GOVERNOR_NONEXISTENT_PROPOSAL')
    expect(await step(idle, 'queue')).toBe('409 PROPOSAL_NOT_PASSED')
    expect(await step(idle, 'execute')).toBe('409 PROPOSAL_NOT_QUEUED')
    expect(await step(good, 'execute')).toBe('409 PROPOSAL_NOT_QUEUED')
  })

  it('queue what passed, and nothing else', async () => {
    // Each was proposed in a block of its own, and its vote ends when its own time is over.
    await Promise.all([reached(unloved, 'defeated'), ...[good, broken].map((id) => reached(id, 'succeeded'))])
    expect(await step(unloved, 'queue')).toBe('409 PROPOSAL_NOT_PASSED')
    expect(await vote(anna, await signIn(world, anna.wallet), unloved, { support: 2 })).toBe(
      '409 GOVERNOR_ALREADY_CAST_VOTE',
    )
    await mallory.client.governance.queue(good)
    const early = await step(good, 'execute')
    const { queuedFor } = await alice.client.governance.get(good)
    // Five seconds pass quickly on a busy machine: then it was not too early.
    if (Date.now() < Date.parse(String(queuedFor))) {
      expect(early).toBe('409 PROPOSAL_WAITS')
      expect(await state(good)).toBe('queued')
      expect(await priceOf(pool)).toBe(PRICE)
    }
    const eta = await world.contract('governor').getFunction('proposalEta')(good)
    expect(Date.parse(String(queuedFor)) / 1000).toBe(Number(eta))
    await alice.client.governance.queue(broken)
  })

  it('execute it after its delay, and its effect is there', async () => {
    await waitFor('the delay', async () => {
      const { queuedFor } = await alice.client.governance.get(broken)
      return Date.now() > Date.parse(String(queuedFor)) + 1_000
    })
    await mallory.client.governance.execute(good)
    expect(await state(good)).toBe('executed')
    expect(await priceOf(pool)).toBe(PRICE * 2n)
    expect((await call(world, 'GET', `/v1/pools/${pool}`)).body.price).toBe(String(PRICE * 2n))
    expect(await post(`/v1/proposals/${good}/execute`, token.alice, {})).toBe('202 undefined')
    expect(await state(good)).toBe('executed')
  })

  it('refuse what reverts by its own code, at no cost to the operator', async () => {
    const { relayer } = (await call(world, 'GET', '/v1/network')).body
    const before = await world.provider.getTransactionCount(relayer)
    expect(await step(broken, 'execute')).toBe('422 PRICE_BELOW_LOWEST')
    expect(await world.provider.getTransactionCount(relayer)).toBe(before)
    expect(await state(broken)).toBe('queued')
  })

  it('follow what was executed past the Governor, at the Timelock itself', async () => {
    const { descriptionHash } = (await call(world, 'GET', `/v1/proposals/${broken}`)).body
    await world.daoSends('datasetRegistry', 'setPrice', pool, PRICE)
    const salt = BigInt(`${world.deployment.governor}${'00'.repeat(12)}`) ^ BigInt(descriptionHash)
    const { target, data } = buildCall('pool-price', { pool, price: PRICE / 4n }, world.deployment)
    const none = `0x${'00'.repeat(32)}`
    const batch = [[target], [0n], [data], none, `0x${salt.toString(16).padStart(64, '0')}`] as const
    const id = await world.contract('timelock').getFunction('hashOperationBatch')(...batch)
    expect(await world.contract('timelock').getFunction('isOperationReady')(id)).toBe(true)
    const reverts = world.councilSends('timelock', 'executeBatch', ...batch)
    expect(await revertOf(world, 'datasetRegistry', reverts)).toBe('PriceBelowLowest')
    // The canceller is the Governor alone, unless the DAO names another one.
    const role = await world.contract('timelock').getFunction('CANCELLER_ROLE')()
    await world.daoSends('timelock', 'grantRole', role, world.council.wallet.address)
    await world.councilSends('timelock', 'cancel', id)
    await world.daoSends('timelock', 'revokeRole', role, world.council.wallet.address)
    await reached(broken, 'canceled')
    expect(await step(broken, 'execute')).toBe('409 PROPOSAL_NOT_QUEUED')
  })
})

describe('votes', () => {
  it('count as they were when the vote began: who joins later has none in it', async () => {
    const { id } = await alice.client.governance.create({
      calls: [{ action: 'pool-close', arguments: { pool } }],
      description: 'Close it',
    })
    await reached(id, 'active')
    const lena = await newContributor(world, 'Lena')
    await makeMembers(world, [lena], PRICE)
    expect(await codeOf(lena.client.governance.vote(id, 'against'))).toMatch(/VOTES_MISSING|VOTE_OVER/)
    const { voteStart } = await lena.client.governance.get(id)
    const then = (await call(world, 'GET', `/v1/members/${lena.address}?at=${voteStart}`)).body
    expect({ ...then, votes: undefined }).toEqual({
      ...(await lena.client.governance.member(lena.address)),
      votes: undefined,
    })
    expect([then.votes, then.grain === '0']).toEqual(['0', false])
    await reached(id, 'defeated')
    expect(await codeOf(alice.client.governance.vote(id, 'for'))).toBe('VOTE_OVER')
  })
})
