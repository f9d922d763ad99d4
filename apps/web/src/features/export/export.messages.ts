import { bytes, count } from '../../lib/format.js'
import { texts } from '../../lib/language.js'

export const archive = texts('export.archive', {
  title: 'Take everything with you',
  lead: 'One archive with all that is yours here: the sealed files, their records and history, your rewards with their proof, and the receipts that paid you. Another installation of Granary on the same chain takes it back in.',
  key: 'Put my recovery key into it, too',
  keyNote:
    'Whoever has an archive with the key can open your files: keep it as you would keep them. Without it you need your recovery file as well.',
  noKey: 'There is no recovery key in this browser to put into it.',
  start: 'Export everything',
  toDisk: 'It is written to the file that you choose, as it arrives.',
  inBrowser: 'It is collected in this browser’s own storage first and then saved as a download.',
  running: (name: string, done: number, total: number) => `${name}: ${bytes(done)} of ${bytes(total)}`,
  preparing: 'Collecting…',
  files: (n: number) => `${count(n, 'sealed file')} so far`,
  cancel: 'Cancel',
  cancelled: 'Cancelled. Nothing was saved; an export that was stopped begins anew.',
  failed: 'The export did not finish. Nothing was saved; it begins anew.',
  room: 'There is not enough room for it in this browser’s storage. Use a browser that can write to a file, such as Chrome or Edge, or the command line: granary export.',
  done: (datasets: number, settlements: number) =>
    `Saved: ${count(datasets, 'dataset')}, ${count(settlements, 'settlement')}.`,
  absent: (n: number) =>
    `${count(n, 'dataset')} without its sealed file, which nobody has any more: the record is in it.`,
  verify: 'Check an archive',
  verifyHelp:
    'Choose one that was exported before. This page reads all of it, checks every block, and asks the chain who owns what. It stays on this device.',
  verifying: 'Checking the archive…',
  whole: (datasets: number) =>
    `The archive is whole, and the chain says the same: ${count(datasets, 'dataset')} of yours.`,
  notYours: 'It is whole, but of another account.',
  broken: 'The archive does not hold',
  again: 'Export again',
  fileName: (account: string, date: string) => `granary-${account.slice(2, 8)}-${date}.tar`,
})
