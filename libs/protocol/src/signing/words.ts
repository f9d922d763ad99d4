// What every signed message means, field by field: one list from which the page's reviews and the wallets' descriptors
// (ERC-7730) are made. English here; the page has its own languages for the same names and codes.
import type { MESSAGES, MessageName } from '../messages/catalogue.js'

/** How a value is to be read. `until`: Unix seconds, 0 = until withdrawn. `key`: an X25519 key, 32 bytes. */
export type FactFormat =
  | 'account'
  | 'amount'
  | 'answer'
  | 'ask'
  | 'calls'
  | 'digest'
  | 'flags'
  | 'key'
  | 'number'
  | 'pool'
  | 'proposal'
  | 'purposes'
  | 'support'
  | 'text'
  | 'time'
  | 'until'
  | 'yes'

/** What a signature does not let anybody do. */
export type CannotCode =
  | 'approve-itself'
  | 'be-changed'
  | 'be-undone'
  | 'change-consent'
  | 'execute'
  | 'move-money'
  | 'open-file'
  | 'open-other-key'
  | 'other-proposals'
  | 'other-requests'
  | 'other-spender'
  | 'other-use'
  | 'pay-more'
  | 'take-back'
  | 'take-more'
  | 'transfer-votes'
  | 'undo-withdrawal'

export interface FieldWords {
  readonly label: string
  readonly format: FactFormat
  /** Needed by programs, not to decide: shown on demand. */
  readonly detail?: true
}

export interface MessageWords {
  /** What signing it does, in at most 30 letters or so: wallets' screens are small. */
  readonly intent: string
  readonly fields: Readonly<Record<string, FieldWords>>
  readonly cannot: readonly CannotCode[]
}

type FieldName<N extends MessageName> = (typeof MESSAGES)[N]['fields'][number]['name']
type AllWords = {
  readonly [N in MessageName]: MessageWords & { readonly fields: Readonly<Record<FieldName<N>, FieldWords>> }
}

const DEADLINE = { label: 'Signature expires', format: 'time', detail: true } as const
const PURPOSES = { label: 'May be used for', format: 'purposes' } as const
const UNTIL = { label: 'Until', format: 'until' } as const
const DATASET = { label: 'Dataset', format: 'digest' } as const
const REQUEST = { label: 'Request', format: 'digest' } as const
const CONTENT = { label: 'Sealed file', format: 'digest' } as const
const DATASETS = { label: 'Datasets', format: 'digest' } as const
const RECIPIENT = { label: 'Sealed to the key', format: 'key' } as const
const POOL = { label: 'Pool', format: 'pool' } as const
const EPOCH = { label: 'Committee epoch', format: 'number' } as const
const account = (label: string) => ({ label, format: 'account' }) as const

export const MESSAGE_WORDS = {
  Contribution: {
    intent: 'Contribute a sealed file',
    fields: {
      owner: account('Owner'),
      content: CONTENT,
      metadata: { label: 'Public description', format: 'digest', detail: true },
      pool: POOL,
      purposes: PURPOSES,
      expires: UNTIL,
      flags: { label: 'Ask before each use', format: 'flags' },
      deadline: DEADLINE,
    },
    cannot: ['other-use', 'open-file', 'move-money'],
  },
  ConsentUpdate: {
    intent: 'Change a consent',
    fields: {
      dataset: DATASET,
      purposes: PURPOSES,
      expires: UNTIL,
      ask: { label: 'Ask before each use', format: 'ask' },
      issued: { label: 'Decided at', format: 'time', detail: true },
      deadline: DEADLINE,
    },
    cannot: ['take-back', 'undo-withdrawal', 'move-money'],
  },
  Withdrawal: {
    intent: 'Withdraw a dataset for good',
    fields: { owner: account('Owner'), content: CONTENT },
    cannot: ['be-undone', 'take-back', 'move-money'],
  },
  OwnerRelease: {
    intent: 'Get own data back',
    fields: { owner: account('Owner'), datasets: DATASETS, recipient: RECIPIENT, deadline: DEADLINE },
    cannot: ['open-other-key', 'change-consent', 'move-money'],
  },
  TrainerApplication: {
    intent: 'Apply as a trainer',
    fields: {
      trainer: account('Trainer'),
      profile: { label: 'Public profile', format: 'digest' },
      deadline: DEADLINE,
    },
    cannot: ['approve-itself', 'open-file', 'move-money'],
  },
  AccessRequest: {
    intent: 'Request datasets and pay',
    fields: {
      trainer: account('Trainer'),
      pool: POOL,
      purposes: { label: 'To be used for', format: 'purposes' },
      manifestRoot: { label: 'List of datasets', format: 'digest', detail: true },
      manifestDocument: { label: 'List’s document', format: 'digest', detail: true },
      count: { label: 'Datasets', format: 'number' },
      recipient: RECIPIENT,
      maxTotalPrice: { label: 'Costs at most', format: 'amount' },
      expires: { label: 'Releases end', format: 'time' },
      salt: { label: 'Salt', format: 'digest', detail: true },
      deadline: DEADLINE,
    },
    cannot: ['pay-more', 'open-other-key', 'other-use'],
  },
  Approval: {
    intent: 'Answer a request',
    fields: {
      request: REQUEST,
      dataset: DATASET,
      granted: { label: 'Answer', format: 'answer' },
      deadline: DEADLINE,
    },
    cannot: ['other-requests', 'change-consent', 'move-money'],
  },
  ReleaseOrder: {
    intent: 'Order keys of a request',
    fields: { request: REQUEST, datasets: DATASETS, deadline: DEADLINE },
    cannot: ['pay-more', 'open-other-key'],
  },
  Receipt: {
    intent: 'Confirm datasets as custodian',
    fields: {
      request: REQUEST,
      epoch: EPOCH,
      order: { label: 'Order', format: 'digest' },
      datasets: DATASETS,
      time: { label: 'Time', format: 'time' },
    },
    cannot: ['open-other-key', 'change-consent'],
  },
  Delivery: {
    intent: 'Confirm an answer as custodian',
    fields: { request: REQUEST, epoch: EPOCH, answer: { label: 'Sealed answer', format: 'digest' } },
    cannot: ['change-consent', 'move-money'],
  },
  Settlement: {
    intent: 'Settle uses as a custodian',
    fields: {
      number: { label: 'Number', format: 'number' },
      epoch: EPOCH,
      root: { label: 'Root of rewards', format: 'digest' },
      total: { label: 'Earned by everybody', format: 'amount' },
      document: { label: 'Document', format: 'digest' },
      previousDocument: { label: 'Document before it', format: 'digest' },
      spending: { label: 'Taken', format: 'amount' },
      finals: { label: 'Requests now final', format: 'digest' },
    },
    cannot: ['take-more', 'change-consent'],
  },
  Join: {
    intent: 'Join the DAO',
    fields: { account: account('Member'), deadline: DEADLINE },
    cannot: ['transfer-votes', 'move-money'],
  },
  Proposal: {
    intent: 'Propose to the DAO',
    fields: {
      proposer: account('Proposer'),
      targets: { label: 'Contracts called', format: 'calls' },
      values: { label: 'Wei sent along', format: 'calls' },
      calldatas: { label: 'Calls', format: 'calls' },
      description: { label: 'Text', format: 'text' },
      deadline: DEADLINE,
    },
    cannot: ['execute', 'move-money'],
  },
  Ballot: {
    intent: 'Vote on a proposal',
    fields: {
      proposalId: { label: 'Proposal', format: 'proposal' },
      support: { label: 'Vote', format: 'support' },
      voter: account('Voter'),
      nonce: { label: 'Nonce', format: 'number', detail: true },
    },
    cannot: ['be-changed', 'other-proposals', 'move-money'],
  },
} as const satisfies AllWords

/** An ERC-2612 permit, which a request is paid with. */
export const PERMIT_WORDS = {
  intent: 'Let a request be paid',
  fields: {
    owner: account('Payer'),
    spender: account('May be taken by'),
    value: { label: 'At most', format: 'amount' },
    nonce: { label: 'Nonce', format: 'number', detail: true },
    deadline: DEADLINE,
  },
  cannot: ['take-more', 'other-spender'],
} as const satisfies MessageWords

/** Whom an account's votes go to (OpenZeppelin's Votes). */
export const DELEGATION_WORDS = {
  intent: 'Let somebody vote for you',
  fields: {
    delegatee: account('Votes go to'),
    nonce: { label: 'Nonce', format: 'number', detail: true },
    expiry: DEADLINE,
  },
  cannot: ['transfer-votes', 'move-money'],
} as const satisfies MessageWords

/** What is signed by the standards of tokens rather than by the protocol, and the contracts that read it. */
export const STANDARD_WORDS = { Permit: PERMIT_WORDS, Delegation: DELEGATION_WORDS } as const
export const STANDARD_CONTRACTS = { Permit: 'token', Delegation: 'grainToken' } as const
export type StandardName = keyof typeof STANDARD_WORDS
/** All that can be signed. */
export type SignedName = MessageName | StandardName

export const isStandard = (name: SignedName): name is StandardName => Object.hasOwn(STANDARD_WORDS, name)

export const wordsOf = (name: SignedName): MessageWords =>
  isStandard(name) ? STANDARD_WORDS[name] : MESSAGE_WORDS[name]
