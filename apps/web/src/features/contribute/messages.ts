// The words of the form. Purposes are explained by what follows from them, not by their names.
import type { PurposeName } from '@granary/protocol'
import { count } from '../../lib/format.js'
import { texts } from '../../lib/language.js'

type Words = { title: string; consequence: string }

export const uses = texts<Record<Exclude<PurposeName, Permission | 'clean-room'>, Words>>('contribute.uses', {
  evaluation: {
    title: 'Testing a model',
    consequence: 'Your data measures how good a model is. It does not teach the model anything.',
  },
  'fine-tuning': {
    title: 'Teaching an existing model',
    consequence:
      'A model is trained further on your data to get better at something. It may learn parts by heart.',
  },
  pretraining: {
    title: 'Building a new model',
    consequence: 'Your data becomes part of what a new model knows, together with very much else.',
  },
  retrieval: {
    title: 'Looking things up',
    consequence: 'A model reads your data while it answers. Passages of it may appear in answers.',
  },
  'synthetic-data': {
    title: 'Making artificial data',
    consequence: 'New data is invented after the pattern of yours, and then used in its place.',
  },
})

type Permission = 'commercial' | 'publish-weights' | 'keep-derived'

export const permissions = texts<Record<Permission, Words>>('contribute.permissions', {
  commercial: {
    title: 'For profit, too',
    consequence:
      'Companies that sell the result may ask as well, so more requests fit and more may be earned. Without it, only non-commercial ones fit.',
  },
  'publish-weights': {
    title: 'The finished model may be published',
    consequence: 'Anybody can run it then, and what it learned cannot be called back.',
  },
  'keep-derived': {
    title: 'What is made from it may be kept',
    consequence:
      'Indexes and the like may stay after the work is done. Without it, the trainer has agreed to delete them.',
  },
})

export const purposeTitles = texts<Record<PurposeName, string>>('contribute.purposeTitles', {
  evaluation: 'testing',
  'fine-tuning': 'teaching',
  pretraining: 'building',
  retrieval: 'looking up',
  'synthetic-data': 'artificial data',
  commercial: 'for profit',
  'publish-weights': 'model published',
  'keep-derived': 'derived data kept',
  'clean-room': 'clean room only',
})

export const contribute = texts('contribute.contribute', {
  title: 'Contribute',
  files: 'Your files',
  filesHelp:
    'Each file becomes one dataset, of any size. It is sealed here, before it goes anywhere. Whole folders and pasted text are taken, too.',
  drop: 'Drop files or folders anywhere here',
  dropHere: 'Let go to add them',
  pasted: 'Pasted text',
  choose: 'Choose files',
  chooseMore: 'Add files',
  chooseFolder: 'Choose a folder',
  or: 'or',
  chosen: (n: number, size: string) =>
    `${n === 1 ? '1 file' : `${n.toLocaleString('en-GB')} files`}, ${size}`,
  empty: 'empty',
  remove: 'Remove',
  removeAll: 'Remove all',
  removeFile: (title: string) => `Remove ${title}`,
  pool: 'The pool they belong to',
  poolHelp: 'A pool holds data of one kind. A trainer pays the pool’s price for each dataset it requests.',
  perUse: 'per use',
  share: 'At least half of it is yours; the rest goes to the custodians and the common treasury.',
  poolDatasets: (n: number) => `${count(n, 'dataset')} so far`,
  noPools: 'There is no pool that takes contributions at the moment.',
  poolGone: (pool: string) => `“${pool}” takes no more contributions. Choose another pool.`,
  poolsLoading: 'Fetching the pools…',
  poolsFailed: 'The pools cannot be fetched right now. This page keeps trying.',
  poolFallback: (id: number) => `Pool ${id}`,
  purposes: 'What they may be used for',
  purposesHelp:
    'Nothing is allowed that you do not tick. Keys are released for these purposes only; what happens after a release rests on the trainer’s word.',
  usesTitle: 'I allow',
  permissionsTitle: 'And if so',
  expiry: 'Until when',
  expiryHelp:
    'After that day no key is released any more. You can withdraw earlier, as long as you have your wallet: an end date is for the day you lose it.',
  years: (n: number): string => (n === 1 ? 'One year' : n === 2 ? 'Two years' : 'Five years'),
  until: (date: string) => `until ${date}`,
  ownDate: 'Another day',
  ownDateLabel: 'Last day',
  noExpiry: 'Until I withdraw',
  noExpiryWarning: 'If you lose your wallet, nobody can end this for you.',
  ask: 'Who says yes',
  askHelp: 'This can be changed later, as can the purposes and the end.',
  askNever: 'Whoever keeps to the above',
  askNeverNote: 'Every request of an approved trainer that fits gets its key. You can be asleep.',
  askEach: 'I do, each time',
  askEachNote:
    'Each request waits for your yes and gets nothing without it. Meant for few and precious files: unanswered requests run out and earn nothing.',
  public: 'What everybody will see',
  publicHelp:
    'This is public for ever, together with your account’s address, the pool, the purposes, the end date and whether you are asked. What your files hold was looked at here, in this browser: change it, or leave it out.',
  neverTitle: 'What nobody sees without a key',
  never: [
    'What is in the files: no value, no line, no example of it is published.',
    'The files’ names, and the folders they lie in, except where you leave them in a title.',
    'The key that opens them.',
  ],
  describeIt: (has: boolean): string => (has ? 'Description' : 'Add a description'),
  descriptionLabel: (title: string) => `What others should know about “${title}”`,
  lookingStill: (n: number) =>
    `${n === 1 ? 'One file is' : `${n.toLocaleString('en-GB')} files are`} still being looked at. If you go on now, nothing about what they hold is published.`,
  titleLabel: (file: string) => `Title of ${file}`,
  type: 'Type',
  size: 'Size',
  submit: (n: number) => (n > 1 ? `Seal and contribute ${n} files` : 'Seal and contribute'),
  signatures: (n: number) =>
    n > 1
      ? `Your wallet will ask for ${n} signatures, one for each file.`
      : 'Your wallet will ask for one signature.',
  costs: 'It costs you nothing.',
  wrongChainFirst: 'Set your wallet to this network first, above.',
  missing: {
    files: 'Choose at least one file.',
    pool: 'Choose a pool.',
    purposes: 'Tick at least one thing that you allow.',
    expires: 'Choose a day that is still to come.',
    ask: 'Choose who says yes.',
    title: 'Give each file a title.',
  },
  correct: 'Not quite ready',
})

/** Why files were not taken. */
export const gather = texts('contribute.gather', {
  title: 'Not everything was taken',
  tooMany: (n: number, most: number) =>
    `${n.toLocaleString('en-GB')} too many: at most ${most.toLocaleString('en-GB')} files go in one contribution. Contribute these first, then add the others.`,
  unreadable: (n: number) =>
    n === 1
      ? 'One file or folder could not be read.'
      : `${n.toLocaleString('en-GB')} files or folders could not be read.`,
  hidden: (n: number) =>
    n === 1
      ? 'One hidden file was left out, such as .DS_Store.'
      : `${n.toLocaleString('en-GB')} hidden files were left out, such as .DS_Store.`,
  duplicate: (n: number) =>
    n === 1
      ? 'One file is in the list already.'
      : `${n.toLocaleString('en-GB')} files are in the list already.`,
})

export const pages = texts('contribute.pages', {
  more: (n: number, left: number) =>
    n === left ? `Show the other ${n}` : `Show ${n} more of ${left.toLocaleString('en-GB')}`,
})

/** What a file holds, and what of it is published. */
export const inside = texts('contribute.inside', {
  of: (title: string) => `What ${title} holds`,
  looking: 'Looking at what it holds…',
  notRecognised: 'What it holds is not recognised, so nothing is said about it.',
  publish: 'Publish what it holds:',
  change: 'See and change it',
  formats: {
    csv: 'Table (CSV)',
    jsonl: 'Records (JSON lines)',
    json: 'JSON',
    parquet: 'Table (Parquet)',
    zip: 'Archive (ZIP)',
  },
  types: {
    string: 'text',
    number: 'numbers',
    boolean: 'yes or no',
    date: 'dates',
    object: 'nested',
    mixed: 'mixed',
  },
  columns: (n: number) => (n === 1 ? '1 column' : `${n.toLocaleString('en-GB')} columns`),
  rows: (n: number, exact: boolean) =>
    `${exact ? '' : 'about '}${n.toLocaleString('en-GB')} ${n === 1 ? 'row' : 'rows'}`,
  days: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
  files: (n: number) => (n === 1 ? '1 file' : `${n.toLocaleString('en-GB')} files`),
  untitled: 'The first line does not look like names of columns, so it is not published. You can name them.',
  moreColumns: (n: number) => `${n.toLocaleString('en-GB')} more columns are not listed.`,
  keepColumn: (name: string) => `Publish the column ${name}`,
  nameOfColumn: (name: string) => `Published name of the column ${name}`,
  entries: 'Files by kind',
  entry: (kind: string, n: number, size: string) => `${kind}: ${n.toLocaleString('en-GB')}, ${size}`,
  tables: 'Tables in it',
  tablesNote: 'Only you see their names. Of their columns the list above is published.',
})

export const progress = texts('contribute.progress', {
  title: 'On its way',
  keepOpen:
    'You may go to other pages meanwhile, but keep this tab open. If it closes, what is sealed goes on from here when you come back.',
  seal: 'Sealing',
  upload: 'Upload',
  register: 'Registration',
  waiting: 'Waiting for its turn',
  sealing: (percent: number) => `Sealing in this browser, ${percent} %`,
  uploading: (percent: number) => `Uploading the sealed file, ${percent} %`,
  away: 'The network does not answer. It is tried again by itself for ten minutes; nothing is lost.',
  registering: 'Being written on chain',
  signing: 'Confirm in your wallet; then it is written on chain',
  done: 'Registered. It can now be requested.',
  cancelled: 'Cancelled. Nothing was registered.',
  paused: 'Paused. It goes on where it stopped.',
  pausedSealing: 'Paused while sealing. It goes on as long as this tab is open.',
  queued: 'Sealed; waiting for the upload before it',
  allPaused: 'Paused',
  pausedText: 'Nothing is sent until you resume. What is sealed waits in this browser.',
  pause: 'Pause',
  pauseLabel: (title: string) => `Pause ${title}`,
  pauseAll: 'Pause all',
  resume: 'Resume',
  resumeLabel: (title: string) => `Resume ${title}`,
  resumeAll: (n: number) => (n === 1 ? 'Resume' : `Resume all ${n}`),
  cancel: 'Cancel',
  cancelLabel: (title: string) => `Cancel ${title}`,
  cancelAll: 'Cancel all',
  cancelQuestion: (title: string) => `Cancel “${title}”?`,
  cancelAllQuestion: (n: number) => (n === 1 ? 'Cancel this file?' : `Cancel all ${n} files?`),
  cancelConsequence:
    'What was sealed and uploaded so far is thrown away, here and on the network. Nothing is registered. Your own files stay as they are.',
  cancelKeep: 'Go on',
  cancelConfirm: 'Cancel it',
  retry: 'Try again',
  retryAll: (n: number) => (n === 1 ? 'Try again' : `Try all ${n} again`),
  addMore: 'Add more files',
  dataset: 'Dataset',
  transaction: 'transaction',
  retryFrom: 'It starts again with a new key.',
  retryKept: 'The sealed file is kept in this browser. It goes on where it stopped.',
  chooseAgain: 'Choose the file again to contribute it.',
  again: 'Contribute more',
  announce: (title: string, state: string) => `${title}: ${state}`,
  allDone: (n: number) => (n === 1 ? 'Your dataset is registered' : `Your ${n} datasets are registered`),
  allDoneText: 'From now on trainers whose purpose fits may request it. You can close this page.',
  someFailed: 'Not everything went through',
  someFailedText: 'What is registered stays registered. You can try the others again.',
})

/** Contributions that were cut off. */
export const unfinished = texts('contribute.unfinished', {
  title: 'Not finished yet',
  lead: 'You were about to contribute these. What is sealed waits in this browser.',
  sealed: (date: string) => `Sealed, not uploaded yet. Kept here until ${date}.`,
  uploading: (date: string) => `Sealed; the upload goes on where it stopped. Kept here until ${date}.`,
  ended: 'The end that you chose has passed. Discard it and contribute the file again.',
  standing: {
    interrupted: 'It was not completely sealed, and nothing of that was kept. Choose the file again.',
    registered: 'It went through: your dataset is registered.',
    elsewhere: 'Another tab is working on it.',
  },
  sealAgain: 'It was not completely sealed, and nothing of that was kept. The same file can be sealed anew.',
  chooseAgain: (name: string, size: string) =>
    `It was not completely sealed, and nothing of that was kept. Choose the file “${name}” (${size}) again.`,
  goOn: 'Go on',
  goOnLabel: (title: string) => `Go on with ${title}`,
  choose: 'Choose it again',
  chooseLabel: (name: string) => `Choose it again: ${name}`,
  another: (name: string) => `That is not “${name}” as it was: its name, size or date differs.`,
  denied: 'Your browser was told not to read the file. Nothing has changed.',
  gone: (name: string) => `“${name}” is not where it was. Choose it where it is now.`,
  continue: 'Continue',
  continueLabel: (title: string) => `Continue ${title}`,
  continueAll: (n: number) => `Continue all ${n}`,
  wrongChainFirst: 'Set your wallet to this network first, above.',
  discard: 'Discard',
  discardLabel: (title: string) => `Discard ${title}`,
  question: (title: string) => `Discard “${title}”?`,
  consequence:
    'The sealed file is removed from this browser, and what was uploaded of it from the network. Nothing is registered. Your own file stays as it is.',
  keep: 'Keep it',
  confirm: 'Discard it',
  discarded: (title: string) => `“${title}” is discarded.`,
  discardFailed: 'It was not discarded',
  dismiss: 'Got it',
  dismissLabel: (title: string) => `Got it: ${title}`,
  dismissed: (title: string) => `“${title}” is off this list.`,
})

/** Known troubles of a contribution in words; others are told by their own message. */
export const troubles = texts<Record<string, string>>('contribute.troubles', {
  WALLET_REJECTED: 'You told your wallet not to sign, so nothing was registered.',
  UNREACHABLE: 'The network stopped answering.',
  UNAUTHENTICATED: 'You are no longer signed in. Reload the page and sign in again.',
  SESSION_EXPIRED: 'You are no longer signed in. Reload the page and sign in again.',
  CONTRIBUTION_ELSEWHERE: 'Another tab is working on it.',
  SEALED_TO_OTHER_KEYS:
    'It was sealed to keys that are not in use any more, so it was removed. It has to be sealed again.',
  SEALED_FILE_GONE: 'The sealed file is not in this browser any more. It has to be sealed again.',
  SOURCE_CHANGED: 'The file changed while it was being sealed. Choose it again.',
  SOURCE_UNREADABLE: 'The file can no longer be read. It may have been moved or changed; choose it again.',
  STORAGE_FULL: 'This browser has no room left to keep the sealed file until it is uploaded.',
  STORAGE_UNAVAILABLE: 'This browser offers pages no file storage here. A private window may be the reason.',
  UPLOAD_TOO_LARGE: 'The file is larger than this network takes.',
  STORE_FULL: 'The network has no room for this file now. Try again later.',
  STORAGE_QUOTA_EXCEEDED: 'The network stores as much as it may. Try again later.',
  QUOTA_EXCEEDED: 'Too much of yours waits to be contributed. Finish or discard other files first.',
  CONTENT_ERASED: 'You had this very file erased. It can be sealed and contributed anew.',
  CID_MISMATCH: 'The network received something else than was sent. Nothing was registered.',
  POOL_IS_CLOSED: 'The pool takes no more contributions. Choose another one for this file.',
  POOL_UNKNOWN: 'There is no such pool on this network any more. Choose another one for this file.',
  COMMITTEE_MISSING: 'The custodians have no common key yet. Try again in a moment.',
  COMMITTEE_UNKNOWN: 'It was sealed to custodians who are not in office any more. It has to be sealed again.',
  COMMITTEE_UNCONFIRMED: 'The custodians’ key could not be confirmed by two sources, so nothing was sealed.',
  NETWORK_MISMATCH: 'The network is not the one this page was made for, so nothing was sealed.',
  DEPLOYMENT_MISSING: 'This page was not built for this network, so nothing was sealed.',
})
