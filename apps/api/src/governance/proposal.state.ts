import type { ProposalState } from '@granary/protocol'
import type { Proposal } from '../database/generated/client.js'

type Row = Pick<Proposal, 'executed' | 'canceled' | 'voteStart' | 'voteEnd' | 'queuedFor'> & {
  [name in 'forVotes' | 'againstVotes' | 'abstainVotes']: { toFixed(digits: number): string }
}

/**
 * Where a proposal stands, by the rules of OpenZeppelin's Governor. `clock` in Unix seconds; `quorum` is null until the
 * vote begins. For and abstaining count towards the quorum, for must be more than against.
 */
export function proposalState(row: Row, clock: number, quorum: bigint | null): ProposalState {
  if (row.executed) return 'executed'
  if (row.canceled) return 'canceled'
  const now = BigInt(clock)
  if (row.voteStart >= now) return 'pending'
  if (row.voteEnd >= now) return 'active'
  if (!isQuorumReached(row, quorum) || amount(row.forVotes) <= amount(row.againstVotes)) return 'defeated'
  return row.queuedFor === null ? 'succeeded' : 'queued'
}

export function isQuorumReached(row: Pick<Row, 'forVotes' | 'abstainVotes'>, quorum: bigint | null): boolean {
  return quorum !== null && amount(row.forVotes) + amount(row.abstainVotes) >= quorum
}

const amount = (decimal: { toFixed(digits: number): string }) => BigInt(decimal.toFixed(0))
