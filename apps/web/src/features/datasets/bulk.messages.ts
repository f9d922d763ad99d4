import { count } from '../../lib/format.js'
import { texts } from '../../lib/language.js'

export const selection = texts('datasets.selection', {
  one: (title: string) => `Select ${title}`,
  shown: 'Select all shown',
  chosen: (n: number) => `${count(n, 'dataset')} selected`,
  all: (n: number) => `Select all ${n}, later pages too`,
  none: 'Select none',
  actions: 'With those selected',
  consent: 'Change their consent',
  withdraw: 'Withdraw them',
})

export const bulk = texts('datasets.bulk', {
  collecting: 'Fetching them…',
  collectFailed: 'They could not be fetched',
  consentTitle: (n: number) => `Change the consent of ${count(n, 'dataset')}`,
  consentLead:
    'Tick what is to change; the rest stays as each dataset has it. It counts for every release that is still to come. It cannot take back what a trainer already has.',
  purposes: 'What they may be used for',
  expiry: 'Until when',
  ask: 'Who says yes to each request',
  summary: 'What changes',
  choose: 'Nothing is ticked yet.',
  changes: (n: number, all: number) => `${n} of ${count(all, 'dataset')} change.`,
  signatures: (n: number) =>
    n === 1
      ? 'Your wallet asks once.'
      : `Your wallet asks ${n} times: each dataset has a signature of its own.`,
  allow: (purpose: string, n: number) => `Newly allowed for ${n}: ${purpose}.`,
  forbid: (purpose: string, n: number) => `No longer allowed for ${n}: ${purpose}.`,
  end: (n: number) => `Another end for ${n}.`,
  asks: (n: number) => `${n} wait for your yes from now on.`,
  asksNoMore: (n: number) => `${n} no longer wait for your yes.`,
  same: (n: number) => `${n} ${n === 1 ? 'is' : 'are'} so already.`,
  withdrawn: (n: number) => `${n} ${n === 1 ? 'is' : 'are'} withdrawn, which is final.`,
  ended: (n: number) =>
    `${n} ${n === 1 ? 'has' : 'have'} ended: choose a new end to take ${n === 1 ? 'it' : 'them'} along.`,
  keep: 'Leave them as they are',
  sign: (n: number) => `Sign ${n === 1 ? 'the change' : `${n} changes`}`,
  withdrawTitle: (n: number) => `Withdraw ${count(n, 'dataset')}?`,
  withdrawStops:
    'No key of them is released any more from the moment the chain has it. This is final: it cannot be undone.',
  withdrawCannot:
    'It cannot take back what a trainer already has. What is on chain, and the titles, stay public.',
  withdrawConfirm: (n: number) => `Withdraw ${n} for good`,
  erase: 'Erase the sealed files, too',
  progress: (done: number, total: number) => `${done} of ${total}`,
  sent: (n: number) => `${n} signed and being written on chain`,
  stop: 'Stop',
  goOn: 'Go on',
  close: 'Close',
  stopped: 'Stopped. What is signed goes through; the rest is as it was.',
  stoppedBy: {
    WALLET_REJECTED: 'Your wallet was told not to sign. What is signed goes through; the rest is as it was.',
    WALLET_BUSY: 'Your wallet still waits for an answer. Look there, then go on.',
    RELAY_ACCOUNT_LIMIT:
      'The operator pays for no more of your messages today. Go on tomorrow: those that are done are left out then.',
    RELAY_TOTAL_LIMIT:
      'The operator pays for no more messages today. Go on tomorrow: those that are done are left out then.',
    RATE_LIMITED: 'That was too fast for the network. Wait a minute and go on.',
    UNAUTHENTICATED: 'You are no longer signed in. Reload the page and sign in again.',
    SESSION_EXPIRED: 'You are no longer signed in. Reload the page and sign in again.',
    UNREACHABLE: 'The network does not answer. Go on once it does.',
  } as Record<string, string>,
  done: (n: number) => `${count(n, 'dataset')} changed, on chain.`,
  doneWithdrawn: (n: number) => `${count(n, 'dataset')} withdrawn. No key of them is released any more.`,
  failed: (n: number) => `${count(n, 'dataset')} did not change`,
  again: 'Try those again',
  undo: (n: number) => `Change ${n === 1 ? 'it' : `all ${n}`} back`,
  undoing: 'Changing back',
})

export const find = texts('datasets.find', {
  label: 'Find among your datasets',
  search: 'Search titles',
  status: 'Consent',
  ask: 'Asks you',
  pool: 'Pool',
  order: 'Order',
  any: 'All',
  asks: { yes: 'Each time', no: 'Never' } satisfies Record<'yes' | 'no', string>,
  orders: {
    newest: 'Newest first',
    oldest: 'Oldest first',
    earned: 'Earned most',
    used: 'Used most',
    title: 'By title',
  },
  found: (n: number) => count(n, 'dataset'),
  nothing: 'None of your datasets fits that.',
  clear: 'Show all',
})
