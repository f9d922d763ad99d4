import { count } from '../../lib/format.js'
import { texts } from '../../lib/language.js'

export const datasets = texts('datasets.datasets', {
  title: 'Your datasets',
  loading: 'Fetching your datasets…',
  failedTitle: 'Your datasets cannot be shown right now',
  failed: 'They are safe on chain. This page keeps trying.',
  empty:
    'Nothing here yet. Once your first file is registered, you will see what it is used for and what it earned.',
  more: 'Show more',
  untitled: 'Untitled dataset',
  status: { active: 'Open to requests', withdrawn: 'Withdrawn', expired: 'Ended' },
  pool: (id: number) => `pool ${id}`,
  inPool: (title: string) => `pool “${title}”`,
  first: 'Contribute your first file',
  until: (date: string) => `until ${date}`,
  ended: (date: string) => `ended on ${date}`,
  noEnd: 'until you withdraw',
  allowed: 'Allowed:',
  wasAllowed: 'Was allowed:',
  earned: (uses: number) => `earned, ${count(uses, 'use')}`,
  neverUsed: 'not used yet',
  ask: 'asks you each time',
  withdraw: 'Withdraw',
  withdrawLabel: (title: string) => `Withdraw ${title}`,
  dialogTitle: (title: string) => `Withdraw “${title}”?`,
  dialogStops:
    'No key of this dataset is released any more from the moment the chain has it. This is final: it cannot be undone.',
  dialogCannot:
    'It cannot take back what a trainer already has. What is on chain, and the title, stay public.',
  dialogKeeps: 'What it has earned stays yours.',
  dialogKeep: 'Keep it',
  dialogConfirm: 'Withdraw for good',
  dialogBusy: 'Withdrawing…',
  withdrawn: (title: string) => `“${title}” is withdrawn. No key of it is released any more.`,
  rejected: 'You told your wallet not to sign, so nothing has changed.',
  withdrawFailed: 'It was not withdrawn',
})

export const consent = texts('datasets.consent', {
  open: 'Change consent',
  openLabel: (title: string) => `Change consent of ${title}`,
  title: (title: string) => `What “${title}” may be used for`,
  lead: 'A change counts for every release that is still to come, also under requests that are open now. It cannot take back what a trainer already has.',
  summary: 'What changes',
  nothing: 'Nothing is changed yet.',
  allow: (purposes: string) => `Now allowed, too: ${purposes}.`,
  forbid: (purposes: string) => `No longer allowed: ${purposes}.`,
  end: (date: string) => `Ends on ${date}.`,
  noEnd: 'Lasts until you withdraw.',
  asks: 'From now on each request waits for your yes.',
  asksNoMore: 'Requests that fit no longer wait for your yes.',
  keep: 'Leave it as it is',
  save: 'Sign the change',
  saving: 'Being written on chain…',
  changed: (title: string) => `The consent of “${title}” is changed, on chain.`,
  rejected: 'You told your wallet not to sign, so nothing has changed.',
  failed: 'The consent was not changed',
})

export const one = texts('datasets.one', {
  title: 'A dataset',
  back: 'All of my data',
  stands: 'How it stands',
  loading: 'Fetching it…',
  unknown: 'There is no such dataset',
  failed: 'It cannot be shown right now. It is safe on chain; this page keeps trying.',
  notYours: 'This dataset belongs to another account.',
  publicPage: 'What is public about it',
})

export const history = texts('datasets.history', {
  title: 'What happened to it',
  loading: 'Fetching…',
  failed: 'It cannot be listed right now.',
  more: 'Show more',
  contributed: (purposes: string, end: string | null) =>
    `Contributed. Allowed: ${purposes}, ${end ? `until ${end}` : 'until withdrawn'}.`,
  changed: (purposes: string, end: string | null, ask: boolean) =>
    `Consent changed. Allowed: ${purposes}, ${end ? `until ${end}` : 'until withdrawn'}${ask ? ', asking you each time' : ''}.`,
  withdrawn: 'Withdrawn.',
  granted: 'You said yes to a request.',
  refused: 'You said no to a request.',
  released: (purposes: string, settlement: number) =>
    `Read, for ${purposes}; paid in settlement ${settlement}.`,
})
