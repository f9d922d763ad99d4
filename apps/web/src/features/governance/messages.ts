import type { ProposalState, VoteChoice } from '@granary/protocol'
import { texts } from '../../lib/language.js'

export const membership = texts('governance.membership', {
  title: 'The DAO',
  votes: 'Your votes',
  mintable: 'Earned and not taken',
  join: 'Join the DAO',
  more: 'Take your new votes',
  joining: 'Being written on chain…',
  signs: (amount: string) =>
    `You sign that you take ${amount} as votes: one for each token you have claimed. It costs nothing and moves no money.`,
  means:
    'Votes decide on prices, fees, trainers and custodians. They cannot be sold, lent or sent; more come as your data is used and you claim.',
  none: 'Votes are earned by your data being used: claim a reward first, then join.',
  member: 'You are a member. New votes come with each reward that you claim.',
  delegated: (account: string) => `Your votes are delegated to ${account}.`,
  done: (amount: string) => `You took ${amount} as votes.`,
  failed: 'Joining did not go through',
  rejected: 'You told your wallet not to sign, so nothing was taken.',
  unavailable: 'Your votes cannot be read right now. They are kept on chain.',
})

export const proposals = texts('governance.proposals', {
  title: 'Proposals',
  lead: 'What members propose that the DAO does. A vote lasts a while; what passes happens after a delay.',
  none: 'Nothing is proposed right now. What members propose (on the command line, granary proposals create) shows up here for everybody.',
  failedTitle: 'Proposals cannot be shown right now',
  failed: 'They are kept on chain. This page keeps trying.',
  see: 'See the proposal',
  seeLabel: (does: string) => `See the proposal: ${does}`,
  more: 'Show more',
  and: (n: number) => (n === 1 ? 'and one thing more' : `and ${n} things more`),
  state: {
    pending: 'Vote begins soon',
    active: 'Vote under way',
    canceled: 'Taken back',
    defeated: 'Not passed',
    succeeded: 'Passed, not queued yet',
    queued: 'Passed, waits for its delay',
    executed: 'Done',
  } satisfies Record<ProposalState, string>,
  until: (time: string) => `until ${time}`,
})

export const proposal = texts('governance.proposal', {
  title: 'A proposal to the DAO',
  lead: 'What it does is worked out here from the very calls that you would vote on, whatever its text says.',
  reading: 'Reading the proposal…',
  unreadable: 'The proposal cannot be read',
  does: 'What it does',
  raw: 'As raw data',
  says: 'Its text',
  by: 'Proposed by',
  time: 'Vote',
  between: (from: string, until: string) => `${from} to ${until}`,
  from: 'To be done',
  votes: 'Votes',
  counted: (choice: VoteChoice, amount: string) =>
    `${amount} ${{ for: 'for', against: 'against', abstain: 'abstaining' }[choice]}`,
  quorum: (amount: string, reached: boolean) =>
    `${amount} have to take part, for or abstaining: ${reached ? 'reached' : 'not reached yet'}`,
  quorumLater: 'How many have to take part is known once the vote begins.',
  voters: 'Who voted',
  choose: { for: 'Vote for it', against: 'Vote against it', abstain: 'Abstain' } satisfies Record<
    VoteChoice,
    string
  >,
  finalTitle: {
    for: 'You are about to sign a vote for it',
    against: 'You are about to sign a vote against it',
    abstain: 'You are about to sign that you abstain',
  } satisfies Record<VoteChoice, string>,
  final: (amount: string) => `It counts ${amount}, is public, and cannot be changed. It costs nothing.`,
  confirm: 'Sign and vote',
  voting: 'Being written on chain…',
  back: 'Back',
  close: 'Close',
  queue: 'Queue it',
  queueNote: 'It has passed. Anybody may queue it, you too: nothing is signed, Granary pays the fee.',
  execute: 'Carry it out',
  executeNote:
    'Its delay is over. Anybody may have it carried out, you too: nothing is signed, Granary pays the fee.',
  yours: (choice: VoteChoice) =>
    ({ for: 'You voted for it.', against: 'You voted against it.', abstain: 'You abstained.' })[choice],
  powerless: 'You had no votes when this vote began, so you have none in it.',
  voted: 'Your vote is counted.',
  queued: 'It is queued and happens after its delay.',
  executed: 'It is done.',
  failed: 'That did not go through',
  rejected: 'You told your wallet not to sign, so you have not voted.',
})
