import { CONTRACT_CATALOGUE, type ErrorCode } from '@granary/protocol'
import { CHAIN, MESSAGE, type RouteDescription } from './route.description.js'

/** Of what is tried on the chain before it is relayed. */
const REVERT = [
  'CONTRACT_REVERTED',
  'GOVERNOR_UNEXPECTED_PROPOSAL_STATE',
  'RELAY_TOO_EXPENSIVE',
  'RELAY_UNAVAILABLE',
  'RELAY_ACCOUNT_LIMIT',
  'RELAY_TOTAL_LIMIT',
] as const
/** What a proposal's calls may meet: every error of a contract of Granary. */
const EXECUTION = [
  ...(Object.keys(CONTRACT_CATALOGUE) as ErrorCode[]),
  'BALANCE_TOO_LOW',
  'ALLOWANCE_TOO_LOW',
] as const

/** The routes of the DAO. */
export const GOVERNANCE_ROUTES: Record<string, RouteDescription> = {
  'POST /v1/proposals': {
    summary: 'Propose calls that the DAO makes',
    description:
      'Relays the signed `Proposal` of an account with enough votes: calls of the Timelock (targets, values, calldatas) ' +
      'and a text. Its id is the Governor’s `hashProposal`, as 32 bytes.',
    signed: true,
    errors: [
      ...MESSAGE,
      ...REVERT,
      'GOVERNOR_INVALID_PROPOSAL_LENGTH',
      'GOVERNOR_INSUFFICIENT_PROPOSER_VOTES',
      'GOVERNOR_RESTRICTED_PROPOSER',
      'PROPOSAL_EXISTS',
      ...CHAIN,
    ],
  },
  'GET /v1/proposals': {
    summary: 'All proposals, newest first',
    description: '`state` narrows it. `text` of each call says in plain words what it does.',
    errors: ['CURSOR_INVALID', ...CHAIN],
  },
  'GET /v1/proposals/{id}': {
    summary: 'One proposal with its newest votes',
    errors: ['GOVERNOR_NONEXISTENT_PROPOSAL', ...CHAIN],
  },
  'GET /v1/proposals/{id}/votes': {
    summary: 'Who voted what, newest first',
    errors: ['GOVERNOR_NONEXISTENT_PROPOSAL', 'CURSOR_INVALID'],
  },
  'POST /v1/proposals/{id}/votes': {
    summary: 'Vote',
    description:
      'Relays the signed `Ballot`: `support` 0 against, 1 for, 2 abstain, `nonce` 0. A vote is final. Votes count as ' +
      'they were when the vote began.',
    signed: true,
    errors: [
      ...MESSAGE,
      ...REVERT,
      'GOVERNOR_NONEXISTENT_PROPOSAL',
      'GOVERNOR_INVALID_VOTE_TYPE',
      'GOVERNOR_ALREADY_CAST_VOTE',
      'VOTE_NOT_BEGUN',
      'VOTE_OVER',
      'VOTES_MISSING',
      ...CHAIN,
    ],
  },
  'POST /v1/proposals/{id}/queue': {
    summary: 'Queue a proposal that has passed',
    description: 'Anybody signed in may; the operator pays the gas.',
    signed: true,
    errors: [
      ...REVERT,
      'GOVERNOR_NONEXISTENT_PROPOSAL',
      'GOVERNOR_ALREADY_QUEUED_PROPOSAL',
      'PROPOSAL_NOT_PASSED',
      ...CHAIN,
    ],
  },
  'POST /v1/proposals/{id}/execute': {
    summary: 'Execute a queued proposal after its delay',
    description:
      'Anybody signed in may; the operator pays the gas. A proposal whose calls fail is refused with the code of the ' +
      'contract’s error, which may be any of the catalogue’s, and costs nothing.',
    signed: true,
    errors: [
      ...REVERT,
      ...EXECUTION,
      'GOVERNOR_NONEXISTENT_PROPOSAL',
      'PROPOSAL_NOT_QUEUED',
      'PROPOSAL_WAITS',
      ...CHAIN,
    ],
  },
  'POST /v1/members': {
    summary: 'Join the DAO, or take the votes earned since',
    description:
      'Relays the signed `Join`: mints GRAIN for what the account has claimed and not yet matched, and delegates its ' +
      'votes to itself if it has no delegate.',
    signed: true,
    errors: [...MESSAGE, ...REVERT, 'NOTHING_TO_MINT', ...CHAIN],
  },
  'GET /v1/members/{address}': {
    summary: 'An account’s GRAIN, votes and delegate',
    description: 'With `at` its votes are those of that time, such as a proposal’s `voteStart`.',
    errors: [],
  },
  'POST /v1/members/{address}/delegations': {
    summary: 'Let somebody else, or oneself again, vote with one’s votes',
    description:
      'Relays the signed `Delegation` of an account’s key (see `x-granary`). It counts for votes that begin later. A ' +
      'contract wallet calls `delegate` of GrainToken by a transaction of its own.',
    signed: true,
    errors: [...MESSAGE, ...REVERT, 'DELEGATION_USED', ...CHAIN],
  },
  'GET /v1/members/{address}/delegators': {
    summary: 'Whose votes go to this account, by address',
    errors: ['CURSOR_INVALID'],
  },
  'GET /v1/treasury': {
    summary: 'The DAO’s treasury: what it holds and has earned',
    errors: [...CHAIN],
  },
  'GET /v1/treasury/movements': {
    summary: 'What came into the treasury and went out of it, newest first',
    errors: ['CURSOR_INVALID', ...CHAIN],
  },
}
