import { type Address, type Call, type Hex, operationId } from '@granary/protocol'
import type { ChainEvent } from './events.js'

// As in projections.ts: rows of proposals, votes and members from events alone.

const text = (event: ChainEvent, name: string): string => String(event.args[name])
const whole = (event: ChainEvent, name: string): bigint => BigInt(text(event, name))
const list = (event: ChainEvent, name: string): string[] => (event.args[name] ?? []) as string[]

/** A proposal without what its votes and the Timelock say. */
export function foldProposal(events: ChainEvent[], governor: string) {
  const first = events.find((event) => event.name === 'ProposalCreated')
  if (!first?.proposal) return null
  const calls = callsOf(first)
  const descriptionHash = text(first, 'descriptionHash') as Hex
  const queued = events.find((event) => event.name === 'ProposalQueued')
  const { position, block, transaction, time } = first
  return {
    id: first.proposal,
    operation: operationId(calls, descriptionHash, governor as Address),
    proposer: text(first, 'proposer'),
    description: text(first, 'description'),
    descriptionHash: String(descriptionHash),
    calls: calls.map(({ target, value, data }) => ({ target, value: value.toString(), data })),
    voteStart: whole(first, 'voteStart'),
    voteEnd: whole(first, 'voteEnd'),
    queuedFor: queued ? whole(queued, 'etaSeconds') : null,
    executed: events.some((event) => event.name === 'ProposalExecuted'),
    canceled: events.some((event) => event.name === 'ProposalCanceled'),
    position,
    block,
    transaction,
    time,
  }
}

function callsOf(event: ChainEvent): Call[] {
  const [values, data] = [list(event, 'values'), list(event, 'calldatas')]
  return list(event, 'targets').map((target, i) => ({
    target: target as Address,
    value: BigInt(values[i] ?? 0),
    data: (data[i] ?? '0x') as Hex,
  }))
}

/** A vote, with parameters or without. */
export function voteOf(event: ChainEvent) {
  const { position, block, transaction, time } = event
  return {
    proposal: String(event.proposal),
    voter: text(event, 'voter'),
    support: Number(text(event, 'support')),
    weight: text(event, 'weight'),
    reason: text(event, 'reason'),
    position,
    block,
    transaction,
    time,
  }
}

/** GRAIN is only ever minted, so what came in is what there is. */
export function foldMember(events: ChainEvent[]) {
  const own = events.filter(({ name }) => ABOUT_MEMBERS.has(name))
  const account = own[0]?.account
  if (!account) return null
  let grain = 0n
  let votes = 0n
  let delegate: string | null = null
  for (const event of own) {
    if (event.name === 'Transfer') grain += whole(event, 'value')
    else if (event.name === 'DelegateVotesChanged') votes = whole(event, 'newVotes')
    else delegate = BigInt(text(event, 'toDelegate')) === 0n ? null : text(event, 'toDelegate')
  }
  return { account, grain: grain.toString(), votes: votes.toString(), delegate }
}

const ABOUT_MEMBERS = new Set(['Transfer', 'DelegateChanged', 'DelegateVotesChanged'])

/** What each event says about a thing that the DAO decides: its name here, and the argument that holds it. */
const SETTINGS: Record<string, readonly (readonly [name: string, argument: string])[]> = {
  VotingDelaySet: [['votingDelay', 'newVotingDelay']],
  VotingPeriodSet: [['votingPeriod', 'newVotingPeriod']],
  ProposalThresholdSet: [['threshold', 'newProposalThreshold']],
  QuorumNumeratorUpdated: [['quorumPercent', 'newQuorumNumerator']],
  QuorumMinimumSet: [['quorumMinimum', 'quorumMinimum']],
  MinDelayChange: [['timelockDelay', 'newDuration']],
  FeesChanged: [
    ['treasuryBps', 'treasuryBps'],
    ['custodiansBps', 'custodiansBps'],
  ],
  WindowChanged: [['window', 'window']],
  GuardianChanged: [['guardian', 'guardian']],
  TreasuryChanged: [['treasury', 'treasury']],
  CouncilChanged: [['council', 'isMember']],
}

/** The changes that an event tells of, of what the DAO decides. */
export function settingsOf(event: ChainEvent) {
  const { position, block, time } = event
  const account = event.name === 'CouncilChanged' ? text(event, 'account') : null
  return (SETTINGS[event.name] ?? []).map(([name, argument]) => ({
    position,
    name,
    block,
    account,
    value: text(event, argument),
    time,
  }))
}
