import type { StorageEventItem, StorageResource } from '@granary/protocol'
import { count, moment } from '../../lib/format.js'
import { texts } from '../../lib/language.js'

type Copy = StorageResource['locations'][number]

export const storage = texts('datasets.storage', {
  unchecked: 'Stored, not checked yet',
  held: (copies: number, ago: string) => `${count(copies, 'copy', 'copies')}, last checked ${ago}`,
  missing: (ago: string) => `Parts are missing and being looked for, last checked ${ago}`,
  lost: (ago: string) => `Not found in any known place, last checked ${ago}`,
  erasing: 'Being erased',
  erased: (time: string) => `Erased on ${moment(time)}`,
  kept: 'Not erased: another dataset has the same file.',
  sharedBlocks: (blocks: number) =>
    `${count(blocks, 'part')} of it ${blocks === 1 ? 'stays, since another file has it' : 'stay, since other files have them'}, too.`,
  failed: 'Where it lies cannot be shown right now',
  where: 'Where it lies',
  nowhere: 'No place is known yet.',
  next: (time: string) => `The next check is due on ${moment(time)}.`,
  history: 'What happened to it',
  nothing: 'Nothing yet.',
  own: 'The operator’s store',
  copy: (copy: Copy) =>
    `${name(copy)}: ${states[copy.state]}${copy.code ? `, ${codes[copy.code] ?? copy.code}` : ''}`,
  event: ({ type, location, blocks }: StorageEventItem) =>
    [
      events[type],
      location ? `(${location === 'here' ? 'operator’s store' : location})` : '',
      blocks === null ? '' : `– ${count(blocks, 'block')}`,
    ]
      .filter(Boolean)
      .join(' '),
})

const name = ({ kind, location }: Copy) =>
  kind === 'own' ? storage.own : kind === 'gateway' ? `${location} (somebody else’s)` : location

const states: Record<Copy['state'], string> = {
  unchecked: 'not copied yet',
  pending: 'being copied',
  held: 'a copy is there',
  missing: 'no copy',
  failing: 'cannot tell right now',
  erased: 'erased',
}

const codes: Record<string, string> = {
  LOCATION_LIED: 'it gave false bytes, which were thrown away',
  LOCATION_TIMEOUT: 'it does not answer in time',
  LOCATION_UNREACHABLE: 'it does not answer',
  LOCATION_NOT_CONFIGURED: 'the operator does not use it any more',
}

const events: Record<StorageEventItem['type'], string> = {
  held: 'Found whole',
  missing: 'Parts were missing',
  repaired: 'Repaired',
  lost: 'Not found in any known place',
  copied: 'Copied',
  'copy-missing': 'A copy was incomplete',
  lied: 'A place gave false bytes',
  erased: 'Erased',
  kept: 'Not erased: another dataset has the same file',
}

export const erase = texts('datasets.erase', {
  also: 'And erase the sealed file',
  alsoNote:
    'The operator deletes it wherever it controls it. Copies elsewhere, and what a trainer already has, cannot be recalled.',
  open: 'Erase',
  openLabel: (title: string) => `Erase ${title}`,
  title: (title: string) => `Erase “${title}”?`,
  deletes: 'The operator deletes the sealed file wherever it controls it.',
  final: 'This cannot be undone, and you cannot get your data back from here either.',
  cannot: 'Copies elsewhere, and what a trainer already has, cannot be recalled.',
  pending: 'No trainer is served any more, also not under a request that is already paid.',
  keep: 'Leave it there',
  confirm: 'Erase for good',
  busy: 'Erasing…',
  failed: 'It was not erased',
  rejected: 'You told your wallet not to sign, so nothing has changed.',
  asked: (title: string) => `“${title}” is being erased. What it says below tells when it is gone.`,
  kept: (title: string) => `“${title}” was not erased: another dataset has the same file.`,
  withdrawnToo: (title: string) =>
    `“${title}” is withdrawn and being erased. No key of it is released any more.`,
  withdrawnOnly: (title: string) =>
    `“${title}” is withdrawn, but its erasure could not be asked for. Use Erase to ask again.`,
})
