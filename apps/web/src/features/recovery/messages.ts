export const recovery = {
  title: 'Recovery file',
  none: 'With your first contribution this browser makes a key of your own, with which you can always open what you sealed. You will be asked to save it then.',
  warnTitle: 'Save your recovery file',
  warn: 'The key to open your own files exists in this browser only. If its data is cleared or the device is lost, you can no longer open them by yourself.',
  explain:
    'With it, any age program opens what you sealed here, without Granary. Whoever has it can open your datasets, so keep it as you would keep a house key.',
  saved: (date: string) => `Saved on ${date}. Keep it to yourself.`,
  save: 'Save recovery file',
  again: 'Save it again',
  failed: 'It could not be read from this browser’s storage.',
  fileName: (account: string) => `granary-recovery-${account.slice(2, 8)}.txt`,
}
