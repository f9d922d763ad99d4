import {
  type Call,
  type Deployment,
  describeCall,
  type Hex,
  type ProposalResource,
  VOTE_CHOICES,
  type VoteResource,
  type Words,
} from '@granary/protocol'
import type { Proposal, Vote } from '../database/generated/client.js'
import { expiryTime, onChain } from '../datasets/dataset.presenter.js'
import { isQuorumReached, proposalState } from './proposal.state.js'

export interface ProposalFacts {
  deployment: Deployment
  words: Words
  /** Unix seconds */
  clock: number
  /** null until the vote begins */
  quorum: bigint | null
}

export function presentProposal(row: Proposal, facts: ProposalFacts): ProposalResource {
  const { clock, quorum, deployment, words } = facts
  return {
    id: row.id as Hex,
    proposer: row.proposer as Hex,
    description: row.description,
    descriptionHash: row.descriptionHash as Hex,
    calls: callsOf(row).map((call) => describeCall(call, deployment, words)),
    state: proposalState(row, clock, quorum),
    voteStart: timeOf(row.voteStart),
    voteEnd: timeOf(row.voteEnd),
    queuedFor: row.queuedFor === null ? null : timeOf(row.queuedFor),
    votes: {
      for: row.forVotes.toFixed(0),
      against: row.againstVotes.toFixed(0),
      abstain: row.abstainVotes.toFixed(0),
    },
    quorum: quorum === null ? null : quorum.toString(),
    quorumReached: isQuorumReached(row, quorum),
    created: onChain(row),
  }
}

export function presentVote(row: Vote): VoteResource {
  return {
    ...onChain(row),
    voter: row.voter as Hex,
    choice: VOTE_CHOICES[row.support] ?? 'abstain',
    weight: row.weight.toFixed(0),
    reason: row.reason,
  }
}

/** The calls as they are on chain. */
export function callsOf(row: Proposal): Call[] {
  const calls = row.calls as { target: Hex; value: string; data: Hex }[]
  return calls.map(({ target, value, data }) => ({ target, value: BigInt(value), data }))
}

const timeOf = (seconds: bigint) => expiryTime(seconds) ?? new Date(0).toISOString()
