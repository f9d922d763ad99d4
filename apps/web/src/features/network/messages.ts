import type { CustodianState } from '@granary/protocol'
import { texts } from '../../lib/language.js'

export const network = texts('network.network', {
  lead: 'How many take part, what their data is used for in numbers, and whether the custodians are at their posts. It is the same for everybody who looks.',
})

export const statistics = texts('network.statistics', {
  title: 'In numbers',
  loading: 'Counting…',
  failedTitle: 'The numbers cannot be shown right now',
  failed: 'They are counted from the chain. This page keeps trying.',
  contributors: 'Contributors',
  datasets: 'Datasets',
  uses: 'Uses paid for',
  earned: 'Earned by contributors',
  claimed: 'Claimed, by anybody',
  span: 'Over the last',
  days: (n: number) => (n === 365 ? 'year' : `${n} days`),
  contributorsChart: 'Contributors so far',
  datasetsChart: 'Datasets so far',
  usesChart: 'Uses, each day',
  paidChart: 'Paid out, each day',
  source:
    'As this network’s server counts them, by days in UTC, from public events on the chain; anybody who reads the chain can count again. A use counts on the day of its settlement. Claimed includes custodians and treasury.',
})

export const custodians = texts('network.custodians', {
  title: 'The custodians',
  lead: 'Together they hold the only way to the keys. A certain number of them must take part before anything is released; fewer can open nothing.',
  none: 'They are still making their common key.',
  asking: 'Asking them…',
  failedTitle: 'Whether they answer cannot be told right now',
  failed: 'This page keeps trying. Nothing of yours is lost.',
  ready: (ready: number, all: number) => `${ready} of ${all} are ready.`,
  enough: (needed: number) => `${needed} are needed, so releases go on.`,
  tooFew: (needed: number) =>
    `${needed} are needed: until then nothing is released and nothing is settled. Nothing is lost.`,
  member: (index: number) => `Custodian ${index}`,
  version: (version: string) => `protocol ${version}`,
  holds: (epoch: number) => `has its share of epoch ${epoch}`,
  lacks: (epoch: number) => `has no share of epoch ${epoch}`,
  lastSeen: (ago: string) => `last seen ${ago}`,
  neverSeen: 'not seen since this server was started',
  state: {
    ready: 'Ready',
    waiting: 'Answers, but cannot do its part',
    other: 'Somebody else answers there',
    unreachable: 'Does not answer',
  } satisfies Record<CustodianState['state'], string>,
  codes: {
    CHAIN_UNAVAILABLE: '(it cannot read the chain)',
    CHAIN_MISMATCH: '(it reads another chain)',
    CUSTODIAN_NOT_READY: '(it has no share of the key)',
    SHUTTING_DOWN: '(it is being stopped)',
  } as Record<string, string>,
  seenBy: (time: string) =>
    `As this network’s server sees them, asked on ${time}. A trainer’s program asks them itself, too.`,
})

export const treasury = texts('network.treasury', {
  title: 'The treasury',
  lead: (percent: number) =>
    `${percent} % of each use goes here. Members decide by proposals what becomes of it.`,
  loading: 'Reading the treasury…',
  failedTitle: 'The treasury cannot be shown right now',
  failed: 'It is kept on chain. This page keeps trying.',
  balance: 'It holds',
  claimable: 'Earned, not yet claimed',
  earned: 'Earned in all',
  ofTimelock: 'Only a proposal that has passed can pay out of it:',
  elsewhere: 'It is an account of its own, outside of the DAO’s contracts; what it pays is not shown here:',
  history: 'In and out',
  nothing: 'Nothing has come in or gone out so far.',
  earnedBy: (settlement: number) => `Its part of the uses in settlement ${settlement}`,
  claimed: 'Claimed: moved from the rewards into the treasury',
  paidTo: 'Paid to',
  byProposal: 'as decided in this proposal',
  more: 'Show more',
})
