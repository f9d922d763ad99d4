import { texts } from '../../lib/language.js'
import type { Span } from './rewards.queries.js'

export const rewards = texts('rewards.rewards', {
  title: 'Your balance',
  claimable: 'Ready to claim',
  earned: 'Earned so far',
  claimed: 'Claimed',
  pending: 'Not ready yet',
  /** `last` only where parts become ready one after the other. */
  pendingFrom: (first: string, last?: string) =>
    `Can be claimed from ${first}${last ? `, the last of it from ${last}` : ''}. Until then it may still be corrected.`,
  claim: 'Claim to my wallet',
  claiming: 'Claiming…',
  free: 'Granary pays the network fee.',
  nothing: 'Nothing to claim right now. Uses are settled together, a little after they happen.',
  done: (amount: string) => `${amount} are on their way to your wallet.`,
  failedTitle: 'The claim did not go through',
  unavailable: 'Your rewards cannot be read right now. They are kept on chain; this page keeps trying.',
})

export const earnings = texts('rewards.earnings', {
  title: 'Where it came from',
  empty:
    'Nothing earned yet. Each use will be listed here: who used which dataset, for what, and in which settlement you were paid.',
  readers: 'Who read it, and for what',
  readersLead:
    'Each release of its key, once it is settled: before that only the trainer and the custodians know of it.',
  nobody: 'Nobody has read it so far.',
  loading: 'Fetching…',
  failedTitle: 'Your earnings cannot be listed right now',
  failed: 'They are kept on chain. This page keeps trying.',
  columns: {
    dataset: 'Dataset',
    trainer: 'Used by',
    purpose: 'For',
    proof: 'Paid in',
    amount: 'You earned',
  },
  unnamed: 'Unnamed trainer',
  settlement: (number: number) => `Settlement ${number}`,
  readyFrom: (time: string) => `ready from ${time}`,
  request: 'request',
  more: 'Show more',
})

export const chart = texts('rewards.chart', {
  title: 'Earned over time',
  loading: 'Drawing…',
  by: 'By',
  spans: { day: 'day', month: 'month', year: 'year' } satisfies Record<Span, string>,
  earned: 'Earned',
  claimed: 'Claimed',
})
