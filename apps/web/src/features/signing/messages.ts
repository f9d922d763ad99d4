// What is about to be signed, in words. The names of messages and fields are those of @granary/protocol, from which the
// wallets' descriptors are made, too.
import {
  type CannotCode,
  type Deployment,
  MESSAGE_WORDS,
  type MessageWords,
  type SignedName,
  STANDARD_WORDS,
  TRANSACTION_WORDS,
  type TransactionName,
} from '@granary/protocol'
import { texts } from '../../lib/language.js'

type Names = SignedName | TransactionName
/** By message or transaction: what signing it does, and what its fields are called. */
export type Labels = Record<Names, { intent: string; fields: Record<string, string> }>

const english = Object.fromEntries(
  Object.entries({ ...MESSAGE_WORDS, ...STANDARD_WORDS, ...TRANSACTION_WORDS } as Record<
    Names,
    MessageWords
  >).map(([name, { intent, fields }]) => [
    name,
    {
      intent,
      fields: Object.fromEntries(Object.entries(fields).map(([field, { label }]) => [field, label])),
    },
  ]),
) as Labels

export const labels = texts<Labels>('signing.labels', english)

export const cannot = texts<Record<CannotCode, string>>('signing.cannot', {
  'approve-itself': 'make you a trainer: the DAO decides that',
  'be-changed': 'be changed afterwards',
  'be-undone': 'be undone, by anybody',
  'change-consent': 'change what your data may be used for',
  execute: 'do what it proposes: members vote on it first',
  'move-money': 'move money or tokens of yours',
  'open-file': 'open a sealed file',
  'open-other-key': 'open anything for another key than this one',
  'other-proposals': 'vote on anything else',
  'other-requests': 'answer any other request',
  'other-spender': 'let anybody else take anything',
  'other-use': 'allow any use that is not listed',
  'pay-more': 'cost more than it says',
  'take-back': 'take back what a trainer already has',
  'take-more': 'take more than it says',
  'transfer-votes': 'give your votes to anybody',
  'undo-withdrawal': 'bring back a dataset that was withdrawn',
})

export const contracts = texts<Record<keyof Omit<Deployment, 'version' | 'chainId' | 'startBlock'>, string>>(
  'signing.contracts',
  {
    token: 'the token',
    datasetRegistry: 'the registry of datasets',
    trainerRegistry: 'the registry of trainers',
    custodianCommittee: 'the committee',
    accessRequests: 'the escrow of requests',
    rewardPool: 'the reward pool',
    grainToken: 'the votes',
    governor: 'the DAO’s votes',
    timelock: 'the DAO',
  },
)

export const signing = texts('signing.signing', {
  lead: (wallet: string) =>
    `This is what ${wallet} will ask you to sign next. Compare it with what ${wallet} shows, and sign only if both say the same.`,
  leadHere: 'This is what will be signed, by the development wallet in this page.',
  cannot: 'This signature cannot',
  details: 'Every field, to compare with the wallet',
  contract: 'Counts for',
  chain: 'On chain',
  like: (n: number) => (n === 1 ? 'The same for the other one' : `The same for the other ${n}`),
  likeNote: 'If anything but the file differs, you are asked again.',
  stop: 'Do not sign',
  go: 'Continue in your wallet',
  goHere: 'Sign',
  you: 'You,',
  yes: 'Yes',
  no: 'No, for good',
  notSo: 'No',
  asks: 'You are asked before each use',
  asksNot: 'No, consent holds for every request that fits',
  nothing: 'Nothing at all',
  untilWithdrawn: 'Until you withdraw it',
  anyAmount: 'Any amount',
  support: ['Against', 'For', 'Abstain'] as readonly string[],
})

/** Where a transaction is sent in place of a message that is signed. */
export const transaction = texts('signing.transaction', {
  lead: (wallet: string) =>
    `${wallet} will ask you to send this transaction next, in the name of your account. Compare it with what ${wallet} shows, and send it only if both say the same.`,
  leadHere: 'This is the transaction that will be sent, by the development wallet in this page.',
  cannot: 'This transaction cannot',
  cost: (fee: string) =>
    `It costs about ${fee} of network fee, which your account pays. Nothing else is paid.`,
  costUnknown:
    'It costs a network fee, which your account pays. Your wallet says how much. Nothing else is paid.',
  stop: 'Do not send',
  goHere: 'Send',
})
