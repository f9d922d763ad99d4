import type { PurposeName } from '@granary/protocol'
import { texts } from '../../lib/language.js'

type Words = { title: string; consequence: string }

/** What is asked for beside the use, said from the owner's side. */
export const extras = texts<Partial<Record<PurposeName, Words>>>('inbox.extras', {
  commercial: { title: 'For profit', consequence: 'The trainer may sell what comes of it.' },
  'publish-weights': {
    title: 'The finished model may be published',
    consequence: 'Anybody can run it then, and what it learned cannot be called back.',
  },
  'keep-derived': {
    title: 'What is made from it may be kept',
    consequence: 'Indexes and the like stay after the work is done.',
  },
})

export const inbox = texts('inbox.inbox', {
  title: 'Requests that ask you',
  waiting: (n: number) => (n === 1 ? 'One request waits for your answer.' : `${n} wait for your answer.`),
  none: 'Nobody is asking for your datasets right now. A request shows up here when it does; without your yes it gets nothing.',
  failedTitle: 'Requests cannot be shown right now',
  failed: 'Nothing is released without your yes. This page keeps trying.',
  asks: (trainer: string, title: string) => `${trainer} asks for “${title}”`,
  for: 'For',
  until: (date: string) => `until ${date}`,
  status: {
    pending: 'Waits for you',
    granted: 'You said yes',
    refused: 'You said no, for good',
  },
  review: 'See the request',
  reviewLabel: (trainer: string, title: string) => `See the request of ${trainer} for ${title}`,
  more: 'Show more',
  unnamed: 'A trainer without a name',
})

export const review = texts('inbox.review', {
  title: (title: string) => `A request for “${title}”`,
  lead: 'This is the request as it stands on chain, read just now. Only names, and whether the trainer is approved, are as this network’s server tells them; the custodians check the approval for themselves.',
  reading: 'Reading the request from the chain…',
  unreadable: 'The request cannot be read from the chain',
  who: 'Who asks',
  callsItself: (name: string) => `calls itself “${name}”`,
  approved: 'approved as a trainer',
  notApproved: 'not approved as a trainer at the moment, so it gets nothing either way',
  what: 'For what',
  much: 'How much',
  price: (price: string) => `${price} for this dataset`,
  share: 'At least half of it is yours, once its key was released.',
  size: 'How many',
  count: (n: string, pool: string) => `${n} of ${pool}, this one among them`,
  pool: (title: string) => `the pool “${title}”`,
  until: 'Until when',
  key: 'Sealed to',
  keyNote: 'the only key that can open what is released',
  yes: 'Yes, release it',
  no: 'No',
  noInstead: 'Turn my yes into a no',
  answering: 'Being written on chain…',
  yesNote:
    'A yes counts for this request only. You can turn it into a no as long as the key was not released.',
  finalTitle: 'A no is final',
  final:
    'This request can never get this dataset then, even if you change your mind. Other requests may still ask.',
  confirm: 'Say no for good',
  back: 'Back',
  close: 'Decide later',
  granted: (title: string) => `You said yes: the key of “${title}” can be released under this request.`,
  refused: (title: string) => `You said no, for good: this request never gets “${title}”.`,
  rejected: 'You told your wallet not to sign, so nothing was answered.',
  failed: 'Your answer did not go through',
})
