import { texts } from '../../lib/language.js'

export const passkeys = texts('recovery.passkeys', {
  title: 'Passkey',
  explain:
    'Your key can be kept with a passkey as well: it is sealed so that the passkey opens it, and another browser that has the same passkey needs no recovery file.',
  who: 'Whoever can use the passkey and gets the sealed file can open your datasets. If the passkey is synchronised, that may include the service that synchronises it. If you lose the passkey and have no recovery file, what it keeps is lost to you.',
  keep: 'Keep with a passkey',
  keepAnother: 'Keep with another passkey',
  keepHelp: 'Your browser asks twice: to make the passkey, and to seal with it.',
  goOn: 'Seal with the new passkey',
  goOnHelp: 'The passkey is made; nothing is sealed with it yet.',
  waiting: 'Waiting for your passkey…',
  copy: 'Leave the sealed file with this network’s server',
  copyNote:
    'A new browser then finds it once you are signed in. The server cannot open it; it sees that you keep a key this way. It may lose it, so it replaces no recovery file.',
  kept: 'Your key is kept with the passkey.',
  keptOn: (date: string) => `Kept with a passkey on ${date}`,
  copies: {
    same: 'The sealed file is in this browser and on this network’s server.',
    older: 'The sealed file is in this browser; the one on the server is older.',
    none: 'The sealed file is in this browser only: save it, or leave a copy with the server, or no other browser can find it.',
  },
  behind: 'Not all of your keys are in it',
  behindText: 'You loaded keys of other browsers since.',
  renew: 'Seal all of them',
  renewed:
    'All keys of this browser are kept with the passkey now. Files that you saved before do not have them.',
  save: 'Save passkey file',
  leave: 'Leave a copy with the server',
  copied: 'The sealed file is on the server, too.',
  fileName: (account: string) => `granary-passkey-${account.slice(2, 8)}.json`,
  remove: 'Remove…',
  removeLabel: (date: string) => `Remove the passkey of ${date}`,
  removeTitle: (date: string) => `Remove the passkey of ${date}?`,
  removes:
    'Its sealed file is deleted from this browser and from the server, and your browser is asked to delete the passkey itself. Look whether it did in your password manager: this page cannot. The key stays in this browser.',
  removeFiles:
    'A passkey file that you saved, or that somebody copied, is opened by the passkey for as long as that exists anywhere.',
  removeUnsaved:
    'You have not saved a recovery file in this browser. Save it first, or this browser may have the only copy of your key.',
  keepIt: 'Keep it',
  confirmRemove: 'Remove passkey',
  removed: 'Removed. No sealed file of it is left here or on the server.',
  unlock: 'Unlock with your passkey',
  unlockOf: (date: string) => `Unlock with the passkey of ${date}`,
  loadFile: 'Use a passkey file',
  fileLoaded: 'The passkey file is loaded. Unlock it with its passkey.',
  unlocked: 'Unlocked. What was sealed with these keys can be opened in this browser, too.',
  unlockedAlready: 'This browser has all the keys in it already.',
  notMade: 'Nothing was kept with a passkey',
  notSealed: 'Nothing was sealed with the passkey',
  noCopy: 'The server did not take a copy',
  notRemoved: 'The passkey was not removed',
  notUnlocked: 'Nothing was unlocked',
  notLoaded: 'That file was not loaded',
  unknown: 'Something went wrong, and nothing was changed. Try again, or use the recovery file.',
  serverSilent: 'Whether the server has copies could not be read right now.',
  otherSite: (site: string) =>
    `This passkey belongs to ${site} and works on pages of that name only. Open Granary there, or use the recovery file.`,
  lackAddress: (host: string) =>
    `Passkeys belong to names, and this page was opened by a number, ${host}. Open it by its name to use one.`,
  openByName: (host: string) => `Open it as ${host}`,
  otherAddress: '(what this browser keeps is kept for each address apart: take your recovery file with you).',
  lacks: {
    insecure:
      'Passkeys work only on pages opened by https, or on localhost. Open this page by its https address to use one.',
    none: 'This browser has no passkeys. Use another one, or stay with the recovery file.',
    prf: 'This browser has passkeys, but cannot seal with them. A newer one may; until then stay with the recovery file.',
  },
})

/** What is said of each failure, by its code. */
export const passkeyTroubles = texts<Record<string, string>>('recovery.passkeyTroubles', {
  PASSKEY_CANCELLED:
    'The passkey was not used: the question was closed, or ran out of time, or this device does not have that passkey. Browsers do not tell which. Try again, on the device that has it.',
  PASSKEY_WRONG:
    'That is another passkey than the one this file was sealed to. Use that one, or the recovery file.',
  PASSKEY_WITHOUT_PRF:
    'What keeps this passkey cannot seal with it: it lacks the extension called PRF. You may delete that passkey in your password manager. Try with another one, or stay with the recovery file.',
  PASSKEY_UNAVAILABLE:
    'Your browser could not make or use a passkey here. Check that a screen lock is set up, or stay with the recovery file.',
  PASSKEY_OTHER_SITE:
    'This passkey belongs to another site. Open Granary at the address where you made it, or use the recovery file.',
  PASSKEY_OTHER_ACCOUNT:
    'This passkey file is of another account. Connect the account it was made for, then unlock it.',
  PASSKEY_FILE_INVALID:
    'This is not a whole passkey file: it was damaged, cut short, or is something else. Take another copy of it, or the recovery file.',
  PASSKEY_FILE_TOO_LARGE:
    'This browser has more keys than fit under a passkey. They are all in the recovery file.',
  VERSION_UNKNOWN: 'A newer version of Granary made this file. Open it with that one.',
  IDENTITY_MISSING: 'This browser has no key of this account to keep.',
  PASSKEY_BACKUPS_TOO_MANY:
    'The server keeps no more passkeys for this account. Remove one first, or save the passkey file.',
  PASSKEY_BACKUP_NEEDS_DATASET:
    'It keeps copies for accounts that have contributed. Leave one once your first dataset is registered, or save the passkey file.',
  UNREACHABLE: 'The server did not answer. Try again in a moment.',
  UNAUTHENTICATED: 'You are no longer signed in. Reload the page and sign in again.',
})
