import type { CONTRACT_ABIS } from '../contracts.js'
import type { ArgumentKind } from './arguments.js'

/** An argument by name: its kind, and what it is for. */
interface Argument {
  kind: ArgumentKind
  about: string
}

/** One thing that can be proposed: a call of one method, in words. */
export interface Action {
  /** For lists: what it does. */
  about: string
  contract: keyof typeof CONTRACT_ABIS
  method: string
  arguments: Readonly<Record<string, Argument>>
  /** What the method takes, in its order: the names of arguments, and constants. */
  takes: readonly (string | boolean)[]
  /** What it does, in words, `{name}` standing for an argument. */
  words: string
}

const account = (about: string) => ({ kind: 'account', about }) as const
const pool = { kind: 'pool', about: 'the number of the pool' } as const
const trainer = account('the account of the trainer')
const seconds = { kind: 'seconds', about: 'seconds' } as const

/** Everything that can be proposed by name. Anything else is `raw`, which is no method of ours (see `buildCall`). */
export const ACTIONS = {
  'pool-create': {
    about: 'open a new pool; its terms and lowest price hold for good',
    contract: 'datasetRegistry',
    method: 'createPool',
    arguments: {
      terms: { kind: 'digest', about: 'digest of the terms document' },
      lowestPrice: { kind: 'price', about: 'the price per use never goes below it' },
      price: { kind: 'price', about: 'price per use' },
    },
    takes: ['terms', 'lowestPrice', 'price'],
    words: 'Open a new pool at {price} per use, never below {lowestPrice}, under the terms {terms}',
  },
  'pool-price': {
    about: 'change the price of a pool, for requests opened from then on',
    contract: 'datasetRegistry',
    method: 'setPrice',
    arguments: { pool, price: { kind: 'price', about: 'price per use, not below the lowest price' } },
    takes: ['pool', 'price'],
    words: 'Set the price of pool {pool} to {price} per use',
  },
  'pool-close': {
    about: 'close a pool: no new contributions or requests',
    contract: 'datasetRegistry',
    method: 'setClosed',
    arguments: { pool },
    takes: ['pool', true],
    words: 'Close pool {pool}: it takes no new contributions or requests',
  },
  'pool-open': {
    about: 'open a closed pool again',
    contract: 'datasetRegistry',
    method: 'setClosed',
    arguments: { pool },
    takes: ['pool', false],
    words: 'Open pool {pool} again',
  },
  'trainer-approve': {
    about: 'approve a trainer',
    contract: 'trainerRegistry',
    method: 'approve',
    arguments: {
      trainer,
      until: { kind: 'time', about: 'when the approval ends, in Unix seconds' },
      profile: { kind: 'digest', about: 'digest of the profile document that is approved' },
    },
    takes: ['trainer', 'until', 'profile'],
    words: 'Approve the trainer {trainer} until {until}, with the profile {profile}',
  },
  'trainer-revoke': {
    about: "take a trainer's approval back",
    contract: 'trainerRegistry',
    method: 'revoke',
    arguments: { trainer },
    takes: ['trainer'],
    words: 'Take the approval of the trainer {trainer} back',
  },
  'trainer-suspend': {
    about: 'stop all releases to a trainer',
    contract: 'trainerRegistry',
    method: 'setSuspended',
    arguments: { trainer },
    takes: ['trainer', true],
    words: 'Suspend the trainer {trainer}: nothing is released to it any more',
  },
  'trainer-resume': {
    about: "end a trainer's suspension",
    contract: 'trainerRegistry',
    method: 'setSuspended',
    arguments: { trainer },
    takes: ['trainer', false],
    words: 'End the suspension of the trainer {trainer}',
  },
  'council-add': {
    about: 'take an account into the council, which may approve and suspend trainers at once',
    contract: 'trainerRegistry',
    method: 'setCouncil',
    arguments: { account: account('the account') },
    takes: ['account', true],
    words: 'Take {account} into the council, which may approve and suspend trainers at once',
  },
  'council-remove': {
    about: 'take an account out of the council',
    contract: 'trainerRegistry',
    method: 'setCouncil',
    arguments: { account: account('the account') },
    takes: ['account', false],
    words: 'Take {account} out of the council',
  },
  fees: {
    about: 'change the fees of requests opened from then on',
    contract: 'accessRequests',
    method: 'setFees',
    arguments: {
      treasury: { kind: 'bps', about: "the treasury's part, in 1/10,000" },
      custodians: { kind: 'bps', about: "the custodians' part, in 1/10,000" },
    },
    takes: ['treasury', 'custodians'],
    words:
      'Of each use give {treasury} to the treasury and {custodians} to the custodians, the rest to the owner',
  },
  window: {
    about: 'change how long after its expiry a request may still be settled',
    contract: 'accessRequests',
    method: 'setWindow',
    arguments: { seconds },
    takes: ['seconds'],
    words: 'Let requests be settled up to {seconds} after they expire',
  },
  'committee-propose': {
    about: 'name the custodians of the next epoch',
    contract: 'custodianCommittee',
    method: 'propose',
    arguments: {
      threshold: { kind: 'threshold', about: 'how many of them open a file together' },
      members: { kind: 'members', about: 'the custodians, in the order of their indices' },
    },
    takes: ['threshold', 'members'],
    words: 'Name a committee of which any {threshold} custodians open a file: {members}',
  },
  guardian: {
    about: 'change the guardian, who may void settlements during their delay',
    contract: 'rewardPool',
    method: 'setGuardian',
    arguments: { account: account('the guardian') },
    takes: ['account'],
    words: 'Make {account} the guardian, who may void settlements during their delay',
  },
  'treasury-set': {
    about: "change who earns the treasury's part of each use",
    contract: 'rewardPool',
    method: 'setTreasury',
    arguments: { account: account('the treasury') },
    takes: ['account'],
    words: "Pay the treasury's part of each use to {account} from now on",
  },
  'treasury-pay': {
    about: 'pay out of the treasury',
    contract: 'token',
    method: 'transfer',
    arguments: { to: account('who is paid'), amount: { kind: 'amount', about: 'how much' } },
    takes: ['to', 'amount'],
    words: 'Pay {amount} out of the treasury to {to}',
  },
  'voting-delay': {
    about: 'change the time from a proposal to the first vote',
    contract: 'governor',
    method: 'setVotingDelay',
    arguments: { seconds },
    takes: ['seconds'],
    words: 'Let votes begin {seconds} after a proposal',
  },
  'voting-period': {
    about: 'change how long a vote lasts',
    contract: 'governor',
    method: 'setVotingPeriod',
    arguments: { seconds: { kind: 'period', about: 'seconds' } },
    takes: ['seconds'],
    words: 'Let votes last {seconds}',
  },
  'proposal-threshold': {
    about: 'change how many votes a proposer needs',
    contract: 'governor',
    method: 'setProposalThreshold',
    arguments: { votes: { kind: 'grain', about: 'GRAIN, in its smallest unit' } },
    takes: ['votes'],
    words: 'Ask {votes} of who proposes',
  },
  quorum: {
    about: 'change how much of all GRAIN must take part in a vote',
    contract: 'governor',
    method: 'updateQuorumNumerator',
    arguments: { percent: { kind: 'percent', about: 'of all GRAIN, for and abstaining together' } },
    takes: ['percent'],
    words: 'Ask {percent} of all GRAIN to take part in a vote, for or abstaining',
  },
  'timelock-delay': {
    about: 'change how long what was decided waits before it happens',
    contract: 'timelock',
    method: 'updateDelay',
    arguments: { seconds },
    takes: ['seconds'],
    words: 'Let what was decided wait {seconds} before it happens',
  },
} as const satisfies Record<string, Action>

/** `raw` is any call of any contract: target, value in wei, calldata. */
export type ActionName = keyof typeof ACTIONS | 'raw'

export function isActionName(name: string): name is ActionName {
  return name === 'raw' || Object.hasOwn(ACTIONS, name)
}
