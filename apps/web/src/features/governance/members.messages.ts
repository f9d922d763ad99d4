import type { TrainerResource, VoteChoice } from '@granary/protocol'
import { texts } from '../../lib/language.js'
import type { Moment } from './timeline.js'

/** What a proposal changes, beside what is in effect now. */
export const changes = texts('governance.changes', {
  now: 'now',
  becomes: 'would become',
  unknown: 'unknown',
  same: (value: string) => `${value}, as it is now`,
  pool: (title: string | null, id: string) => (title ? `Pool “${title}”` : `Pool ${id}`),
  price: (pool: string) => `${pool}, price per use`,
  open: 'open',
  closed: 'closed',
  treasuryPart: 'The treasury’s part of each use',
  custodiansPart: 'The custodians’ part of each use',
  ownersPart: 'The owner’s part of each use',
  window: 'Time to settle after a request ends',
  votingDelay: 'From a proposal to the first vote',
  votingPeriod: 'How long a vote lasts',
  timelockDelay: 'How long what passed waits',
  threshold: 'Votes that who proposes needs',
  quorum: 'Part of all GRAIN that has to take part',
  guardian: 'Guardian',
  treasury: 'Treasury',
  nobody: 'nobody',
  inCouncil: 'in the council',
  notInCouncil: 'not in the council',
  trainer: (account: string) => `Trainer ${account}`,
  approvedUntil: (date: string) => `approved until ${date}`,
  resumed: 'no longer suspended',
  trainerState: {
    none: 'never applied',
    applied: 'applied',
    approved: 'approved',
    suspended: 'suspended',
    ended: 'not approved',
  } satisfies Record<TrainerResource['status'], string>,
  committee: 'Committee',
  someOf: (some: number, all: number) => `${some} of ${all} custodians`,
})

export const tally = texts('governance.tally', {
  counted: (choice: VoteChoice, amount: string) =>
    ({ for: `For: ${amount}`, against: `Against: ${amount}`, abstain: `Abstaining: ${amount}` })[choice],
  later: 'How many have to take part is known once the vote begins.',
  quorum: (taking: string, needed: string, reached: boolean, isOver: boolean) =>
    `${taking} take part, for or abstaining; ${needed} have to: ${reached ? 'reached' : isOver ? 'not reached' : 'not reached yet'}.`,
})

export const timeline = texts('governance.timeline', {
  happened: {
    proposed: 'Proposed',
    begins: 'The vote began',
    ends: 'The vote ended',
    queued: 'Queued',
    open: 'Its delay is over',
    executed: 'Carried out',
    canceled: 'Taken back by its proposer',
    defeated: 'It has not passed',
  } satisfies Record<Moment['name'], string>,
  coming: {
    proposed: 'Proposed',
    begins: 'The vote begins',
    ends: 'The vote ends',
    queued: 'Queued, if it passes',
    open: 'Its delay is over',
    executed: 'Carried out',
    canceled: 'Taken back',
    defeated: 'Not passed',
  } satisfies Record<Moment['name'], string>,
})

export const delegation = texts('governance.delegation', {
  own: 'You vote with your votes yourself.',
  other: (account: string) => `${account} votes with your votes.`,
  toYou: (n: number) =>
    n === 1 ? 'One member lets you vote with theirs:' : `${n} members let you vote with theirs:`,
  many: (n: number) => `More than ${n} members let you vote with theirs, among them:`,
  open: 'Let somebody else vote',
  change: 'Let another one vote',
  back: 'Take my votes back',
  title: 'Who votes with your votes?',
  lead: 'In votes that begin from now on. Your GRAIN stays yours; you can take your votes back at any time, for votes that begin later.',
  account: 'Their account',
  hint: '0x and 40 digits',
  invalid: 'This is no account’s address.',
  yourself: 'This is your own account.',
  signs: (account: string) =>
    `You sign that ${account} votes with your votes. It moves no money and costs nothing.`,
  sign: 'Sign',
  busy: 'Being written on chain…',
  cancel: 'Leave it as it is',
  done: (account: string) => `${account} votes with your votes, in votes that begin from now on.`,
  taken: 'You vote yourself again, in votes that begin from now on.',
  failed: 'Nothing has changed',
  rejected: 'You told your wallet not to sign, so nothing has changed.',
})

export const page = texts('governance.page', {
  propose: 'Propose something',
  link: 'As a page of its own',
  list: 'All proposals',
  title: 'A proposal',
  unknownTitle: 'There is no such proposal',
  unknown: 'The address may be mistyped, or the proposal was made a moment ago: look again soon.',
})
