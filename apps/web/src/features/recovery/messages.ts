import { texts } from '../../lib/language.js'

export const recovery = texts('recovery.recovery', {
  title: 'Recovery file',
  none: 'With the first file you seal here this browser makes a key of your own, with which you can always open what it sealed. You will be asked to save it then.',
  warnTitle: 'Save your recovery file',
  warn: 'The key to open your own files exists in this browser only. If its data is cleared or the device is lost, you can no longer open them by yourself.',
  warnPasskey:
    'Your key is kept with a passkey as well, which helps as long as you can use that passkey and have its sealed file. The recovery file depends on nobody.',
  explain:
    'With it, any age program opens what you sealed here, without Granary. Whoever has it can open your datasets, so keep it as you would keep a house key.',
  saved: (date: string) => `Saved on ${date}. Keep it to yourself.`,
  save: 'Save recovery file',
  again: 'Save it again',
  failed: 'It could not be read from this browser’s storage.',
  load: 'Load a recovery file',
  loadHelp: 'From another browser: what was sealed there can then be opened here, too.',
  loaded: 'Loaded. What was sealed with it can now be opened in this browser, too.',
  loadedAlready: 'This browser has it already.',
  loadFailed: 'That file was not loaded',
  notOne: 'It is not a recovery file: it holds no age identity.',
  unreadable: 'The file could not be read.',
  fileName: (account: string) => `granary-recovery-${account.slice(2, 8)}.txt`,
})
