import { proposalId } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import type { ChainEvent } from './events.js'
import { foldMember, foldProposal, settingsOf, voteOf } from './governance.projections.js'

const ID = `0x${'a'.repeat(64)}`
const TARGET = `0x${'1'.repeat(40)}` as const
const GOVERNOR = `0x${'2'.repeat(40)}`
const HASH = `0x${'b'.repeat(64)}` as const
let position = 0n

function event(name: string, args: ChainEvent['args'], keys: Partial<ChainEvent> = {}): ChainEvent {
  position += 1n
  return {
    position,
    block: position,
    transaction: `0x${position}`,
    time: new Date(Number(position) * 1000),
    contract: GOVERNOR,
    name,
    args,
    dataset: null,
    request: null,
    account: null,
    pool: null,
    proposal: null,
    ...keys,
  }
}

describe('foldProposal', () => {
  const created = event(
    'ProposalCreated',
    {
      proposer: '0xA',
      targets: [TARGET],
      values: ['0'],
      calldatas: ['0x1234'],
      voteStart: '10',
      voteEnd: '30',
      description: 'cheaper',
      descriptionHash: HASH,
    },
    { proposal: ID },
  )
  const about = { proposal: ID }

  it('is nothing without its making', () => {
    expect(foldProposal([event('ProposalExecuted', {}, about)], GOVERNOR)).toBeNull()
  })

  it('follows queuing, execution and cancelling, and knows the operation of the Timelock', () => {
    const row = foldProposal([created], GOVERNOR)
    expect(row).toMatchObject({ queuedFor: null, executed: false, canceled: false, voteStart: 10n })
    expect(row?.calls).toEqual([{ target: TARGET, value: '0', data: '0x1234' }])
    // Another Governor's operation of the same calls and text is another one; neither is the proposal's own id.
    expect(row?.operation).not.toBe(foldProposal([created], TARGET)?.operation)
    expect(row?.operation).not.toBe(proposalId([{ target: TARGET, value: 0n, data: '0x1234' }], HASH))
    const queued = event('ProposalQueued', { etaSeconds: '40' }, about)
    expect(foldProposal([created, queued], GOVERNOR)?.queuedFor).toBe(40n)
    const done = event('ProposalExecuted', {}, about)
    expect(foldProposal([created, queued, done], GOVERNOR)?.executed).toBe(true)
    const canceled = event('ProposalCanceled', {}, about)
    expect(foldProposal([created, canceled], GOVERNOR)?.canceled).toBe(true)
  })
})

describe('foldMember', () => {
  const account = { account: '0xA' }
  it('sums what was minted, and has the last votes and delegate', () => {
    const mint = event('Transfer', { from: '0x0', to: '0xA', value: '5' }, account)
    const votes = (newVotes: string) => event('DelegateVotesChanged', { newVotes }, account)
    const to = (toDelegate: string) => event('DelegateChanged', { toDelegate }, account)
    expect(foldMember([to(TARGET), mint, votes('5'), mint, votes('10')])).toEqual({
      account: '0xA',
      grain: '10',
      votes: '10',
      delegate: TARGET,
    })
    expect(foldMember([to(TARGET), to(`0x${'0'.repeat(40)}`)])?.delegate).toBeNull()
    expect(foldMember([event('Claimed', { total: '1' }, account)])).toBeNull()
  })
})

describe('voteOf and settingsOf', () => {
  it('read one event each', () => {
    const vote = event('VoteCast', { voter: '0xA', support: '1', weight: '7', reason: '' }, { proposal: ID })
    expect(voteOf(vote)).toMatchObject({ proposal: ID, voter: '0xA', support: 1, weight: '7' })
    const fees = settingsOf(event('FeesChanged', { treasuryBps: '500', custodiansBps: '1000' }))
    expect(fees.map(({ name, value }) => [name, value])).toEqual([
      ['treasuryBps', '500'],
      ['custodiansBps', '1000'],
    ])
    const council = settingsOf(event('CouncilChanged', { account: '0xA', isMember: false }))
    expect(council).toMatchObject([{ name: 'council', account: '0xA', value: 'false' }])
    expect(settingsOf(vote)).toEqual([])
  })
})
