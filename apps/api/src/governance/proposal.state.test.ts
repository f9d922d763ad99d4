import { describe, expect, it } from '@jest/globals'
import { proposalState } from './proposal.state.js'

const decimal = (value: number) => ({ toFixed: () => String(value) })
const row = {
  executed: false,
  canceled: false,
  voteStart: 100n,
  voteEnd: 120n,
  queuedFor: null,
  forVotes: decimal(0),
  againstVotes: decimal(0),
  abstainVotes: decimal(0),
}
const voted = (yes: number, no: number, abstain = 0) => ({
  ...row,
  forVotes: decimal(yes),
  againstVotes: decimal(no),
  abstainVotes: decimal(abstain),
})

describe('proposalState', () => {
  it('begins after its snapshot and ends after its deadline', () => {
    expect(proposalState(row, 100, null)).toBe('pending')
    expect(proposalState(row, 101, 10n)).toBe('active')
    expect(proposalState(row, 120, 10n)).toBe('active')
    expect(proposalState(row, 121, 10n)).toBe('defeated')
  })

  it('is defeated without quorum, and on a tie', () => {
    expect(proposalState(voted(9, 0), 121, 10n)).toBe('defeated')
    expect(proposalState(voted(10, 0), 121, 10n)).toBe('succeeded')
    expect(proposalState(voted(5, 4, 5), 121, 10n)).toBe('succeeded')
    expect(proposalState(voted(10, 10), 121, 10n)).toBe('defeated')
    expect(proposalState(voted(0, 0), 121, 0n)).toBe('defeated')
    expect(proposalState(voted(4, 20), 121, 10n)).toBe('defeated')
  })

  it('is queued, executed or canceled once that was written', () => {
    expect(proposalState({ ...voted(10, 0), queuedFor: 130n }, 121, 10n)).toBe('queued')
    expect(proposalState({ ...voted(10, 0), queuedFor: 130n, executed: true }, 140, 10n)).toBe('executed')
    expect(proposalState({ ...row, canceled: true }, 90, null)).toBe('canceled')
  })
})
