import { texts } from '../../lib/language.js'

export const open = texts('open.open', {
  open: 'Open',
  openLabel: (title: string) => `Open ${title}`,
  title: (title: string) => `Open “${title}”`,
  lead: (name: string, size: string) =>
    `The sealed file is fetched, checked against its address on chain and opened here, in this browser. You then get it as “${name}”, ${size}.`,
  action: 'Open and save',
  opening: (percent: number) => `Opening, ${percent} %`,
  working: 'Fetching the sealed file…',
  signing: 'Confirm in your wallet; then the custodians are asked',
  cancel: 'Stop',
  close: 'Close',
  done: (name: string) => `Opened and saved as “${name}”.`,
  noKeyTitle: 'This browser does not have the key it was sealed with',
  noKey:
    'Load the recovery file of the browser in which you sealed it, or unlock it with the passkey that keeps it. If both are lost, the custodians can open it for you: your wallet signs once, and their parts of this one key come sealed to this page. It costs nothing.',
  byCustodians: 'Have the custodians open it',
  rejected: 'You told your wallet not to sign, so nothing was opened.',
  stopped: 'Stopped. Nothing was saved.',
  failed: 'It could not be opened',
})
